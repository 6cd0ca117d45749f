import type { ComponentChildren } from 'preact';
import type { OrderAnswer } from '../../../api/answer-schemas.js';
import { moneyWords } from '../../shared/money-words.js';
import { useConsole } from '../data/console-context.js';
import { CHANNEL_WORDS } from '../data/status-words.js';
import { Icon } from '../parts/icon.js';
import { Moment } from '../parts/moment.js';

/** Amounts, times and numbers of the order, and the way to its run. */
export function OrderFigures({ order }: { readonly order: OrderAnswer }) {
  const { checks, lastAttempt } = order;
  return (
    <dl class="panel facts">
      <Fact name="Paid">{moneyWords(order.paidAmount, order.currency)}</Fact>
      {order.refundedAmount > 0 ? (
        <Fact name="Refunded">{moneyWords(order.refundedAmount, order.currency)}</Fact>
      ) : null}
      <Fact name="Channel">{CHANNEL_WORDS[order.channel]}</Fact>
      <Fact name="Created">
        <Moment at={order.createdAt} isClock />
      </Fact>
      {order.paidAt === null ? null : (
        <Fact name="Paid at">
          <Moment at={order.paidAt} isClock />
        </Fact>
      )}
      {order.canceledAt === null ? null : (
        <Fact name="Canceled at">
          <Moment at={order.canceledAt} isClock />
        </Fact>
      )}
      <Fact name="Gateway number">
        <span class="number">{order.gatewayTransNo ?? '–'}</span>
      </Fact>
      <Fact name="Checks done">
        {checks.done} of {checks.schedule?.length ?? checks.limit ?? '–'} ({checks.strategy})
      </Fact>
      {lastAttempt === null ? null : (
        <Fact name="Last attempt">
          {lastAttempt.result.replaceAll('_', ' ')}, <Moment at={lastAttempt.at} />
        </Fact>
      )}
      <Fact name="Temporal">
        <TemporalRun workflowId={order.workflowId} />
      </Fact>
    </dl>
  );
}

function TemporalRun({ workflowId }: { readonly workflowId: string }) {
  const address = temporalAddress(useConsole().session.temporalWorkflowsUrl, workflowId);
  if (address === null) return <span class="number">{workflowId}</span>;
  return (
    <a href={address} target="_blank" rel="noreferrer">
      The run in the Web UI <Icon name="outside" />
    </a>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The workflow's id holds slashes. */
function temporalAddress(workflowsUrl: string | null, workflowId: string): string | null {
  return workflowsUrl === null
    ? null
    : `${workflowsUrl}/workflows/${encodeURIComponent(workflowId)}`;
}
