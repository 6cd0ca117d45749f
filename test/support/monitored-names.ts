/** The names under which something is measured, and where they are used. */
import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { createMetrics } from '../../src/metrics.js';
import { registerRecordGauges } from '../../src/monitoring/record-gauges.js';

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}

/** Of API and worker together. Node's own are among them. */
export async function registeredMetrics(): Promise<readonly { name: string; type: string }[]> {
  const { registry } = createMetrics();
  registerRecordGauges({
    registry,
    orders: { statusCounts: async () => [] },
    anomalies: { openCounts: async () => [] },
    now: Date.now,
  });
  return (await Registry.merge([registry]).getMetricsAsJSON()).map(({ name, type }) => ({
    name,
    type: String(type),
  }));
}

export function alertRules(): readonly AlertRule[] {
  const { groups } = parse(textOf('deploy/prometheus/rules.yml')) as {
    readonly groups: readonly { readonly rules: readonly AlertRule[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}

/** Names of metrics in an expression, without what a histogram adds to them. */
export function metricNamesIn(expression: string): readonly string[] {
  const withoutText = expression.replaceAll(/"[^"]*"|\{\{[^}]*\}\}/g, '');
  const names = withoutText.match(/\b(payments|http|temporal|process|nodejs)_\w+|\bup\b/g) ?? [];
  const labels = ['http_response_status_code', 'http_route', 'http_request_method'];
  return [...new Set(names)]
    .filter((name) => !labels.includes(name))
    .map((name) => name.replace(/_(bucket|count|sum)$/, ''));
}

/** What others than our processes measure. Source: Temporal SDK metrics reference. */
export function isMeasuredElsewhere(name: string): boolean {
  return name === 'up' || name.startsWith('temporal_');
}
