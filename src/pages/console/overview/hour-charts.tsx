import { useMemo } from 'preact/hooks';
import type { Overview } from '../../../api/console/console-contract.js';
import { ChartPanel } from '../charts/chart-panel.js';
import { hourSpecs } from './hour-specs.js';

/** The last hour, minute by minute. */
export function HourCharts({ overview }: { readonly overview: Overview }) {
  const charts = useMemo(() => hourSpecs(overview), [overview]);
  const minutes = useMemo(() => overview.minutes.map(({ minute }) => minute), [overview]);
  return (
    <section aria-labelledby="hour-heading">
      <h2 id="hour-heading">The last hour</h2>
      <div class="charts">
        {charts.map((chart) => (
          <ChartPanel key={chart.id} chart={chart} minutes={minutes} />
        ))}
      </div>
    </section>
  );
}
