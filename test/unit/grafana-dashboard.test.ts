/** The dashboard of deploy/grafana: it finds its data source, and asks for what is measured. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  isMeasuredElsewhere,
  metricNamesIn,
  registeredMetrics,
} from '../support/monitored-names.js';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly { readonly expr: string; readonly datasource: { uid: string } }[];
}

const textOf = (path: string) =>
  readFileSync(new URL(`../../deploy/grafana/${path}`, import.meta.url), 'utf8');
const dashboard = JSON.parse(textOf('dashboards/payment-orders.json')) as {
  readonly uid: string;
  readonly panels: readonly Panel[];
};
const panels = dashboard.panels.filter(({ type }) => type !== 'row');

it('when Grafana starts, then it finds the dashboard and the data source that it names', () => {
  const { datasources } = parse(textOf('provisioning/datasources/prometheus.yml')) as {
    readonly datasources: readonly { readonly uid: string; readonly url: string }[];
  };
  const { providers } = parse(textOf('provisioning/dashboards/payment-orders.yml')) as {
    readonly providers: readonly { readonly options: { readonly path: string } }[];
  };
  const compose = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
  expect(compose).toContain(`./deploy/grafana/dashboards:${providers[0]?.options.path}:ro`);
  expect(datasources.map(({ url }) => url)).toEqual(['http://prometheus:9090']);
  for (const { title, datasource, targets = [] } of panels) {
    const uids = [datasource?.uid, ...targets.map((target) => target.datasource.uid)];
    expect(new Set(uids), title).toEqual(new Set([datasources[0]?.uid]));
  }
});

it('when a panel is drawn, then it asks for something that is measured', async () => {
  const measured = (await registeredMetrics()).map(({ name }) => name);
  expect(panels.length).toBeGreaterThan(15);
  for (const { title, targets = [] } of panels) {
    const used = targets.flatMap(({ expr }) => metricNamesIn(expr));
    expect(used.length, title).toBeGreaterThan(0);
    const unknown = used.filter((name) => !isMeasuredElsewhere(name) && !measured.includes(name));
    expect(unknown, title).toEqual([]);
  }
});

it('when the dashboard is laid out, then no panel lies over another', () => {
  const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
});
