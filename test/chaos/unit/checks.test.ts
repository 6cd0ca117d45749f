/** Each check must see what it is there for, and nothing in a run in which all is well. */
import { describe, expect, it } from 'vitest';
import type { InvariantName } from '../../../src/chaos/checks/findings.js';
import type { CheckCases } from './check-cases.js';
import { foundIn } from './checked-run.js';
import { FEED_CASES } from './feed-cases.js';
import { ORDER_CASES } from './order-cases.js';

/** Whether everything comes to rest is not read from a run's evidence: `settle.test.ts` tries it. */
type CheckedName = Exclude<InvariantName, 'system_settles'>;

/** A check without cases is an error of the types. */
const CASES: Readonly<Record<CheckedName, CheckCases>> = { ...ORDER_CASES, ...FEED_CASES };

describe('the checks of a run', () => {
  it('when all is well, then nothing is found', async () => {
    expect(await foundIn({})).toEqual([]);
  });

  for (const [invariant, { breaks, holds }] of Object.entries(CASES)) {
    for (const [title, changes] of Object.entries(breaks)) {
      it(`${invariant}: when ${title}, then it is found`, async () => {
        expect(await foundIn(changes)).toContain(invariant);
      });
    }
    for (const [title, changes] of Object.entries(holds)) {
      it(`${invariant}: when ${title}, then that is not broken`, async () => {
        expect(await foundIn(changes)).not.toContain(invariant);
      });
    }
  }
});
