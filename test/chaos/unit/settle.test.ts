import { describe, expect, it } from 'vitest';
import { Findings } from '../../../src/chaos/checks/findings.js';
import { checkSettled, settle } from '../../../src/chaos/settle.js';

const { signal } = new AbortController();

/** What is found of a system that is looked at like this. */
async function foundWith(look: () => Promise<string>, limitMs: number) {
  const findings = new Findings();
  const settled = await settle({ look, limitMs, signal });
  checkSettled(settled, findings);
  return { settled, violations: findings.violations };
}

describe('coming to rest', () => {
  it('when something is still under way at the limit, then it is found, and what it is', async () => {
    const { settled, violations } = await foundWith(async () => '2 orders overdue', 600);
    expect(settled.tookMs).toBeNull();
    expect(violations).toEqual([
      { invariant: 'system_settles', number: null, detail: '2 orders overdue' },
    ]);
  });

  it('when there is nothing to do any more, then it took as long as that lasted, and nothing is found', async () => {
    const looks = ['1 callbacks not delivered', '', '1 orders on their way'];
    const { settled, violations } = await foundWith(async () => looks.shift() ?? '', 10_000);
    expect(looks).toEqual([]);
    // The three looks, and one more than three in which nothing was seen.
    expect(settled.tookMs).toBeGreaterThan(2_500);
    expect(violations).toEqual([]);
  });
});
