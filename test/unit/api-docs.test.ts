import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { CsvColumn } from '../../src/api/csv.js';
import { ORDER_COLUMNS, REFUND_COLUMNS } from '../../src/api/export-columns.js';
import { PROBLEM_KINDS } from '../../src/api/problem-kinds.js';
import { EVIDENCE_ROLES } from '../../src/domain/explain-evidence.js';
import { NEXT_ACTIONS } from '../../src/domain/payer-words.js';
import { REFUND_STATUSES } from '../../src/domain/refund.js';

const guide = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');

it('when an error exists, then the guide lists its code with its status', () => {
  for (const [code, { status }] of Object.entries(PROBLEM_KINDS)) {
    const rows = guide
      .split('\n')
      .filter((line) => line.startsWith('|') && line.includes(`\`${code}\``));
    expect(
      rows.some((row) => row.split('|')[1]?.includes(String(status))),
      code,
    ).toBe(true);
  }
});

it('when a next action exists, then the guide says what to show', () => {
  for (const action of NEXT_ACTIONS) expect(guide).toContain(`| \`${action}\` |`);
});

it('when an export has a column, then the guide names all of them in their order', () => {
  const listed = (columns: readonly CsvColumn<never>[]) =>
    columns.map(({ name }) => `\`${name}\``).join(', ');
  expect(guide).toContain(`| \`orders.csv\` | ${listed(ORDER_COLUMNS)} |`);
  expect(guide).toContain(`| \`refunds.csv\` | ${listed(REFUND_COLUMNS)} |`);
});

it('when evidence has a role or a refund a status, then the guide says what it means', () => {
  for (const word of [...EVIDENCE_ROLES, ...REFUND_STATUSES]) {
    expect(guide).toContain(`| \`${word}\` |`);
  }
});
