import { useState } from 'preact/hooks';
import { minuteWords } from '../data/time-words.js';
import type { ChartSpec } from './chart-spec.js';

interface ChartTableProps {
  readonly chart: ChartSpec;
  readonly minutes: readonly string[];
}

/** The same figures as text, the latest minute first. Made when it is opened: sixty rows for each chart are many. */
export function ChartTable({ chart, minutes }: ChartTableProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details class="table-toggle" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        Table<span class="visually-hidden"> of {chart.title}</span>
      </summary>
      {isOpen ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboards scroll the box
        <section class="scroll" tabIndex={0} aria-label={`${chart.title}, minute by minute`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Minute</th>
                {chart.series.map(({ label }) => (
                  <th scope="col" key={label}>
                    {label}
                  </th>
                ))}
                {chart.tableOnly?.map(({ label }) => (
                  <th scope="col" key={label}>
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {minutes
                .map((minute, index) => <Row key={minute} {...{ chart, minute, index }} />)
                .reverse()}
            </tbody>
          </table>
        </section>
      ) : null}
    </details>
  );
}

interface RowProps {
  readonly chart: ChartSpec;
  readonly minute: string;
  readonly index: number;
}

function Row({ chart, minute, index }: RowProps) {
  return (
    <tr>
      <th scope="row">
        <time dateTime={minute}>{minuteWords(Date.parse(minute))}</time>
      </th>
      {chart.series.map(({ label, values }) => {
        const value = values[index] ?? null;
        return <td key={label}>{value === null ? '–' : chart.format(value)}</td>;
      })}
      {chart.tableOnly?.map(({ label, values }) => (
        <td key={label}>{values[index]}</td>
      ))}
    </tr>
  );
}
