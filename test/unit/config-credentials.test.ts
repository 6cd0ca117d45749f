/** API keys and ops tokens in the configuration, taken together. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { problemsOf } from '../support/complete-environment.js';

const KEY = 'x'.repeat(16);
const HASH = createHash('sha256').update(KEY).digest('hex');

describe('one key that is given twice', () => {
  it.each([
    { API_KEYS: `look[read]:${KEY},shop:${KEY}` },
    { API_KEYS: `look[read]:${KEY},shop:sha256=${HASH}` },
    { OPS_TOKENS: `ann:${KEY},bob[read]:sha256=${HASH.toUpperCase()}` },
    { API_KEYS: `shop[read]:${KEY}`, OPS_TOKENS: `ann:${KEY}` },
  ])('when it is %j, then it is refused, for only one of them could count', (given) => {
    const problems = problemsOf(given);
    expect(problems).toEqual([expect.stringMatching(/stand for the same key/)]);
    expect(problems.join().toLowerCase()).not.toContain(KEY);
    expect(problems.join().toLowerCase()).not.toContain(HASH);
  });

  it('when several keys have one name, then they are taken', () => {
    const given = { API_KEYS: `shop:${KEY}1,shop:${KEY}2`, OPS_TOKENS: `shop:${KEY}3` };
    expect(problemsOf(given)).toEqual([]);
  });
});
