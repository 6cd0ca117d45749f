/** docs/monitoring.md and what is measured agree. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { alertRules, registeredMetrics } from '../support/monitored-names.js';

const text = readFileSync(new URL('../../docs/monitoring.md', import.meta.url), 'utf8');
const rows = (pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, name, second]) => [name, second]);

it('when a metric is registered, then the documentation names it with its type, and no other', async () => {
  const own = (await registeredMetrics()).filter(({ name }) => !/^(process|nodejs)_/.test(name));
  expect(own.length).toBeGreaterThan(15);
  const documented = rows(/^\| `((?:payments|http)_\w+)` \| (\w+) \|/gm);
  expect(documented.sort()).toEqual(own.map(({ name, type }) => [name, type]).sort());
});

it('when a rule is there, then the documentation names it with its urgency, and no other', () => {
  const documented = rows(/^\| `([A-Z]\w+)` \| (page|ticket) \|/gm);
  expect(documented).toEqual(alertRules().map(({ alert, labels }) => [alert, labels.severity]));
});
