/** The alerts of deploy/prometheus: each is tested, has a runbook, and looks at something that is measured. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ANOMALY_GUIDES } from '../../src/domain/anomaly-guide.js';
import {
  alertRules,
  isMeasuredElsewhere,
  metricNamesIn,
  registeredMetrics,
} from '../support/monitored-names.js';

const folder = fileURLToPath(new URL('../../deploy/prometheus/', import.meta.url));
const PROMTOOL_TIMEOUT_MS = 120_000;

interface RuleTest {
  readonly name: string;
  readonly alert_rule_test: readonly {
    readonly alertname: string;
    readonly eval_time: string;
    readonly exp_alerts: readonly unknown[];
  }[];
}

const testFiles = readdirSync(folder).filter((file) => file.endsWith('.rules.test.yml'));
const tests = testFiles.flatMap((file) => {
  const content = parse(readFileSync(`${folder}${file}`, 'utf8')) as { tests: RuleTest[] };
  return content.tests;
});
const rules = alertRules();

async function promtool(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)('promtool', args, { cwd: folder });
  return stdout + stderr;
}

const hasPromtool = await promtool('--version').then(
  () => true,
  () => false,
);
if (!hasPromtool) {
  process.stderr.write(
    'SKIPPED: the tests of the Prometheus rules need promtool, of Debian’s package prometheus\n',
  );
}

describe.skipIf(!hasPromtool)('the rules, run by promtool', () => {
  it('when promtool reads them, then they are valid', async () => {
    expect(await promtool('check', 'rules', 'rules.yml')).toContain(`${rules.length} rules found`);
    expect(await promtool('check', 'config', 'prometheus.yml')).toContain('SUCCESS');
  });

  it(
    'when conditions come and go, then alerts fire, stay silent below their floor and recover',
    async () => {
      expect(await promtool('test', 'rules', ...testFiles)).toContain('SUCCESS');
    },
    PROMTOOL_TIMEOUT_MS,
  );
});

describe('the rules', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    'when %s is relied on, then tests show that it fires, does not fire, and ends',
    (alert) => {
      const own = tests.filter(({ name }) => name.startsWith(`${alert}: `));
      const checks = own.flatMap((test) => test.alert_rule_test);
      expect(checks.every(({ alertname }) => alertname === alert)).toBe(true);
      const endings = own.filter((test) => {
        const outcomes = test.alert_rule_test.map(({ exp_alerts: alerts }) => alerts.length > 0);
        return !outcomes[0] && outcomes.includes(true) && outcomes.at(-1) === false;
      });
      expect(endings).not.toEqual([]);
      expect(own.some((test) => test.alert_rule_test.every((c) => c.exp_alerts.length === 0))).toBe(
        true,
      );
    },
  );

  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    'when %s fires, then it says how urgent it is, what is the matter and where to read on',
    (_alert, { labels, annotations }) => {
      expect(['page', 'ticket']).toContain(labels.severity);
      expect(annotations.summary).toBeTruthy();
      expect(annotations.description).toMatch(/\.$/);
      for (const name of runbooksOf(annotations.runbook_url ?? '')) {
        const page = new URL(`../../docs/runbooks/${name}.md`, import.meta.url);
        expect(existsSync(page), name).toBe(true);
      }
    },
  );

  it('when a metric is used, then somebody measures it', async () => {
    const measured = (await registeredMetrics()).map(({ name }) => name);
    const used = rules.flatMap(({ expr }) => metricNamesIn(expr));
    expect(used.length).toBeGreaterThan(rules.length);
    expect(used.filter((name) => !isMeasuredElsewhere(name) && !measured.includes(name))).toEqual(
      [],
    );
  });

  it('when an anomaly of any kind is open, then one rule watches it, as urgent as its guide says', () => {
    for (const [kind, { severity }] of Object.entries(ANOMALY_GUIDES)) {
      const watching = rules.filter(({ expr }) => watchedKinds(expr).includes(kind));
      expect(watching.length, kind).toBe(1);
      expect(watching[0]?.labels.severity, kind).toBe(severity);
    }
  });
});

/** The anomalies' pages are chosen by the label of the kind. */
function runbooksOf(url: string): readonly string[] {
  const name = /^\{\{ \$externalLabels\.service_url \}\}\/docs\/runbooks\/(.+)$/.exec(url)?.[1];
  expect(name, url).toBeDefined();
  if (name !== '{{ $labels.kind | reReplaceAll "_" "-" }}') return [name ?? ''];
  return Object.keys(ANOMALY_GUIDES).map((kind) => kind.replaceAll('_', '-'));
}

function watchedKinds(expression: string): readonly string[] {
  const kinds = /payments_anomalies_unacknowledged\{kind=~?"([^"]+)"\}/.exec(expression)?.[1];
  return kinds?.split('|') ?? [];
}
