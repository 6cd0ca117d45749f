import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { AnomalyAnswer } from '../../../api/operator-schemas.js';
import { anomalyView } from '../data/anomaly-view.js';
import { ANOMALIES_MAX, type AnomalyState } from '../data/console-api.js';
import { useConsole } from '../data/console-context.js';
import { useOverview } from '../data/overview-context.js';
import { useLoaded } from '../data/use-loaded.js';
import { AnomalyItem } from '../parts/anomaly-item.js';
import { EmptyState } from '../parts/empty-state.js';
import { PageHeading } from '../parts/page-heading.js';
import { ProblemNotice } from '../parts/problem-notice.js';

/** What somebody should know about; open ones, or healed ones too. */
export function AnomaliesPage() {
  const { api } = useConsole();
  const { overview, reload: reloadOverview } = useOverview();
  const { query } = useLocation();
  const state = query.state === 'all' ? 'all' : 'open';
  const { value, problem, reload } = useLoaded(state, async () => await api.anomalies(state));
  const changedAt = overview?.at;
  useEffect(() => {
    if (changedAt !== undefined) void reload();
  }, [changedAt, reload]);
  const afterAcknowledging = async () => {
    await Promise.all([reload(), reloadOverview().catch(() => {})]);
  };
  return (
    <>
      <PageHeading title="Anomalies" />
      <nav class="tabs" aria-label="Which anomalies">
        <a href="/console/anomalies" {...(state === 'open' ? { 'aria-current': 'page' } : {})}>
          Open
        </a>
        <a
          href="/console/anomalies?state=all"
          {...(state === 'all' ? { 'aria-current': 'page' } : {})}
        >
          All
        </a>
      </nav>
      {problem === null ? null : (
        <ProblemNotice
          what="The anomalies could not be fetched."
          problem={problem}
          onRetry={() => void reload()}
        />
      )}
      {value === null ? (
        problem === null ? (
          <p class="soft">The anomalies are being fetched.</p>
        ) : null
      ) : (
        <Found anomalies={value} state={state} onAcknowledged={afterAcknowledging} />
      )}
    </>
  );
}

interface FoundProps {
  readonly anomalies: readonly AnomalyAnswer[];
  readonly state: AnomalyState;
  readonly onAcknowledged: () => Promise<void>;
}

function Found({ anomalies, state, onAcknowledged }: FoundProps) {
  if (anomalies.length === 0) {
    return (
      <EmptyState>
        {state === 'open'
          ? 'Nothing is open. Anomalies heal by themselves when what they tell of is settled.'
          : 'There has never been one. Every anomaly, healed ones too, will be here.'}
      </EmptyState>
    );
  }
  return (
    <>
      <ul class="anomalies">
        {anomalies.map((anomaly) => (
          <AnomalyItem
            key={anomaly.id}
            anomaly={anomalyView(anomaly)}
            onAcknowledged={onAcknowledged}
          />
        ))}
      </ul>
      {anomalies.length === ANOMALIES_MAX ? (
        <p class="soft">These are the latest {ANOMALIES_MAX}; there may be more.</p>
      ) : null}
    </>
  );
}
