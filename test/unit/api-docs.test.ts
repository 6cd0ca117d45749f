import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PROBLEM_KINDS } from '../../src/api/problem-kinds.js';
import { NEXT_ACTIONS } from '../../src/domain/verify-answer.js';

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
