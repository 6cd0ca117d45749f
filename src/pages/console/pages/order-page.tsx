import { useRoute } from 'preact-iso';
import { moneyWords } from '../../shared/money-words.js';
import { anomalyView } from '../data/anomaly-view.js';
import { useConsole } from '../data/console-context.js';
import { STATUS_WORDS } from '../data/status-words.js';
import { OrderActions } from '../order/order-actions.js';
import { OrderSummary } from '../order/order-summary.js';
import { RefundList } from '../order/refund-list.js';
import { Timeline } from '../order/timeline.js';
import { useOrder } from '../order/use-order.js';
import { AnomalyItem } from '../parts/anomaly-item.js';
import { Badge } from '../parts/badge.js';
import { PageHeading } from '../parts/page-heading.js';
import { ProblemNotice } from '../parts/problem-notice.js';

// Over 50 lines because it is the whole page in the order in which it is read.
/** Is this order paid, and how do we know? */
export function OrderPage() {
  const no = useRoute().params.merchantOrderNo ?? '';
  const { api } = useConsole();
  const { value, problem, reload, bringUpToDate, onDone } = useOrder(api, no);
  if (value === null) {
    return (
      <>
        <PageHeading title={`Order ${no}`} />
        {problem === null ? (
          <p class="soft">The order is being fetched.</p>
        ) : (
          <ProblemNotice
            what="The order cannot be shown."
            problem={problem}
            {...(problem.status === 404 ? {} : { onRetry: () => void reload() })}
          />
        )}
      </>
    );
  }
  const { order, explanation, audit, refunds, anomalies } = value;
  return (
    <>
      <div class="page-head">
        <div>
          <PageHeading title={`Order ${no}`}>
            Order <span class="number">{no}</span>
          </PageHeading>
          <p class="headline">
            <Badge words={STATUS_WORDS[order.status]} />
            <strong>{moneyWords(order.amount, order.currency)}</strong>
          </p>
        </div>
        <OrderActions order={order} api={api} refunds={refunds} onDone={onDone} />
      </div>
      {problem === null ? null : (
        <ProblemNotice what="What is shown may be old." problem={problem} />
      )}
      {anomalies.length === 0 ? null : (
        <ul class="anomalies" aria-label="Open anomalies of this order">
          {anomalies.map((anomaly) => (
            <AnomalyItem
              key={anomaly.id}
              anomaly={anomalyView(anomaly)}
              hasOrder={false}
              onAcknowledged={bringUpToDate}
            />
          ))}
        </ul>
      )}
      <OrderSummary order={order} explanation={explanation} />
      {refunds.length === 0 ? null : (
        <section aria-labelledby="refunds-heading">
          <h2 id="refunds-heading">Refunds</h2>
          <RefundList refunds={refunds} />
        </section>
      )}
      <section aria-labelledby="timeline-heading">
        <h2 id="timeline-heading">
          Timeline <span class="soft">{audit.length} entries, oldest first</span>
        </h2>
        <Timeline audit={audit} explanation={explanation} api={api} onDone={onDone} />
      </section>
    </>
  );
}
