import { useState } from 'preact/hooks';
import type { AnomalyView } from '../data/anomaly-view.js';
import { useConsole } from '../data/console-context.js';
import { asConsoleProblem, type ConsoleProblem } from '../data/console-problem.js';
import { useAnnounce } from './announcer.js';
import { Badge } from './badge.js';
import { Moment } from './moment.js';
import { OrderLink } from './order-link.js';
import { ProblemNotice } from './problem-notice.js';

interface AnomalyItemProps {
  readonly anomaly: AnomalyView;
  /** On the order's own page its number says nothing new. */
  readonly hasOrder?: boolean;
  /** Brings the page up to date. */
  readonly onAcknowledged: () => Promise<void>;
}

/** One anomaly: what it means, where, since when, and what to do about it. */
export function AnomalyItem({ anomaly, hasOrder = true, onAcknowledged }: AnomalyItemProps) {
  const { mayOperate } = useConsole();
  const { acknowledge, isSending, problem } = useAcknowledging(anomaly, onAcknowledged);
  const isOpen = anomaly.healedAt === null;
  return (
    <li
      class={`anomaly ${isOpen ? `anomaly-${anomaly.severity}` : 'anomaly-healed'}`}
      tabIndex={-1}
    >
      <div class="anomaly-head">
        <h3>{anomaly.title}</h3>
        <AnomalyState anomaly={anomaly} />
      </div>
      <p>{anomaly.meaning}</p>
      <p class="detail">{anomaly.detail}</p>
      <div class="anomaly-foot">
        <AnomalyPlace anomaly={anomaly} hasOrder={hasOrder} />
        <span class="actions">
          <a href={anomaly.runbook}>
            Runbook<span class="visually-hidden"> of “{anomaly.title}”</span>
          </a>
          {mayOperate && isOpen && anomaly.acknowledgedBy === null ? (
            <button
              type="button"
              class="small outline"
              aria-busy={isSending}
              onClick={() => void acknowledge()}
            >
              Acknowledge
            </button>
          ) : null}
        </span>
      </div>
      {problem === null ? null : <ProblemNotice what="Not acknowledged." problem={problem} />}
    </li>
  );
}

/** About which order, since when it is open, how often. */
function AnomalyPlace({
  anomaly,
  hasOrder,
}: Required<Pick<AnomalyItemProps, 'anomaly' | 'hasOrder'>>) {
  return (
    <span class="soft">
      {hasOrder && anomaly.merchantOrderNo !== null ? (
        <>
          Order <OrderLink merchantOrderNo={anomaly.merchantOrderNo} /> ·{' '}
        </>
      ) : null}
      opened <Moment at={anomaly.openedAt} />
      {anomaly.count > 1 ? (
        <>
          {' '}
          · seen {anomaly.count} times, last <Moment at={anomaly.lastSeenAt} />
        </>
      ) : null}
    </span>
  );
}

function useAcknowledging(anomaly: AnomalyView, onAcknowledged: () => Promise<void>) {
  const { api } = useConsole();
  const announce = useAnnounce();
  const [problem, setProblem] = useState<ConsoleProblem | null>(null);
  const [isSending, setIsSending] = useState(false);
  const acknowledge = async () => {
    if (isSending) return;
    setIsSending(true);
    setProblem(null);
    try {
      await api.acknowledge(anomaly.id);
      announce(`Acknowledged: ${anomaly.title}.`);
      await onAcknowledged();
    } catch (error) {
      setProblem(asConsoleProblem(error));
    } finally {
      setIsSending(false);
    }
  };
  return { acknowledge, isSending, problem };
}

function AnomalyState({ anomaly }: { readonly anomaly: AnomalyView }) {
  if (anomaly.healedAt !== null) {
    return (
      <span class="soft">
        <Badge words={{ label: 'Healed', tone: 'good', icon: 'check' }} />{' '}
        <Moment at={anomaly.healedAt} />
      </span>
    );
  }
  if (anomaly.acknowledgedBy !== null) {
    return (
      <Badge
        words={{ label: `Seen by ${anomaly.acknowledgedBy}`, tone: 'quiet', icon: 'person' }}
      />
    );
  }
  return anomaly.severity === 'page' ? (
    <Badge words={{ label: 'Act now', tone: 'bad', icon: 'warning' }} />
  ) : (
    <Badge words={{ label: 'Can wait for the morning', tone: 'busy', icon: 'clock' }} />
  );
}
