import { useOverview } from '../data/overview-context.js';
import { verdictOf } from '../data/verdict.js';
import { HourCharts } from '../overview/hour-charts.js';
import { OpenAnomalies } from '../overview/open-anomalies.js';
import { PartStates } from '../overview/part-states.js';
import { StatusCounts } from '../overview/status-counts.js';
import { VerdictLine } from '../overview/verdict-line.js';
import { PageHeading } from '../parts/page-heading.js';

/** Is anything stuck, and what needs me? */
export function OverviewPage() {
  const { overview, status, reload } = useOverview();
  return (
    <>
      <PageHeading title="Overview" />
      {overview === null ? (
        <p class="soft">
          {status?.state === 'offline'
            ? 'The service does not answer. The overview appears as soon as it does.'
            : 'The overview is being fetched.'}
        </p>
      ) : (
        <>
          <VerdictLine verdict={verdictOf(overview, status)} />
          <div class="landing">
            <section aria-labelledby="anomalies-heading">
              <h2 id="anomalies-heading">
                <a href="/console/anomalies">{overview.openAnomalies}</a> open{' '}
                {overview.openAnomalies === 1 ? 'anomaly' : 'anomalies'}
              </h2>
              <OpenAnomalies overview={overview} onAcknowledged={reload} />
            </section>
            <section aria-labelledby="orders-heading">
              <h2 id="orders-heading">Orders by status</h2>
              <StatusCounts statuses={overview.statuses} />
              <h2>Parts</h2>
              <PartStates parts={overview.parts} />
            </section>
          </div>
          <HourCharts overview={overview} />
        </>
      )}
    </>
  );
}
