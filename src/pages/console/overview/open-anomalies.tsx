import type { Overview } from '../../../api/console/console-contract.js';
import { openAnomalyView } from '../data/anomaly-view.js';
import { AnomalyItem } from '../parts/anomaly-item.js';
import { EmptyState } from '../parts/empty-state.js';

/** The rest is one click away: the landing view must fit a glance. */
const SHOWN_MAX = 4;

interface OpenAnomaliesProps {
  readonly overview: Overview;
  readonly onAcknowledged: () => Promise<void>;
}

/** What is open, what needs somebody first. */
export function OpenAnomalies({ overview, onAcknowledged }: OpenAnomaliesProps) {
  const { anomalies, openAnomalies } = overview;
  if (anomalies.length === 0) {
    return (
      <EmptyState>
        No anomalies are open. What somebody should know about, such as money after closing or a
        gateway that does not answer, will be here.
      </EmptyState>
    );
  }
  return (
    <>
      <ul class="anomalies">
        {anomalies.slice(0, SHOWN_MAX).map((anomaly) => (
          <AnomalyItem
            key={anomaly.id}
            anomaly={openAnomalyView(anomaly)}
            onAcknowledged={onAcknowledged}
          />
        ))}
      </ul>
      {openAnomalies > SHOWN_MAX ? (
        <p>
          <a href="/console/anomalies">All {openAnomalies} open anomalies</a>
        </p>
      ) : null}
    </>
  );
}
