import { EmptyState } from '../parts/empty-state.js';
import type { ChartSpec } from './chart-spec.js';
import { ChartTable } from './chart-table.js';
import { LineChart } from './line-chart.js';

interface ChartPanelProps {
  readonly chart: ChartSpec;
  readonly minutes: readonly string[];
}

/** A chart with the figures of the hour above it and those of each minute in its table. */
export function ChartPanel({ chart, minutes }: ChartPanelProps) {
  const isEmpty = chart.series.every(({ values }) => values.every((value) => !value));
  return (
    <section class="panel" aria-labelledby={chart.id}>
      <h3 id={chart.id}>{chart.title}</h3>
      <p class="figures">
        {chart.figures.map(({ text, href }) => (
          <span key={text}>{href === undefined ? text : <a href={href}>{text}</a>}</span>
        ))}
      </p>
      {isEmpty ? (
        <EmptyState>{chart.whenEmpty}</EmptyState>
      ) : (
        <LineChart chart={chart} minutes={minutes} />
      )}
      <ChartTable chart={chart} minutes={minutes} />
    </section>
  );
}
