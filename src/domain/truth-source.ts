import type { AuditDraft } from './audit.js';
import type { TruthSource } from './statistics.js';

/**
 * How a payment became known, from the entries of the transition that decided it. A query that a callback woke counts
 * as told by it: without the callback nobody would have asked then.
 * @param drafts the entries of one transition, the decision's among them
 * @returns `null` when they do not bring the order to `paid`
 */
export function truthSourceOf(drafts: readonly AuditDraft[]): TruthSource | null {
  const decision = drafts.find(({ changes }) => changes.status === 'paid');
  const source = decision?.changes.decidedBy?.source;
  if (source === undefined) return null;
  if (source === 'callback' || source === 'operator') return source;
  const question = drafts.findLast(({ kind }) => kind === 'query');
  switch (question?.data.reason) {
    case 'verify':
    case 'pay':
      return 'verify';
    case 'callback':
      return 'callback';
    default:
      return 'check';
  }
}
