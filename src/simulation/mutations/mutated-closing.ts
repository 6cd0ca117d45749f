/** Takes the place of src/domain/closing.ts in the bundle. */

import { applyDrafts } from '../../domain/audit.js';
import * as real from '../../domain/closing.js';
import type { DecisionContext } from '../../domain/decision-context.js';
import type { QueryEvidence } from '../../domain/evidence.js';
import { cancelIntentEntry } from '../../domain/evidence-entries.js';
import type { Order } from '../../domain/order.js';
import { isActive } from './active-mutation.js';

export {
  CLOSING_STUCK_ROUNDS,
  type ClosingDecision,
  type ClosingMove,
  closeUnreachedEntry,
  closingEntry,
  closingMove,
  giveUpOutcome,
} from '../../domain/closing.js';

export function decideClosing(
  order: Order,
  evidence: QueryEvidence,
  options: DecisionContext & { readonly isAfterCancel: boolean },
): real.ClosingDecision {
  const decided = real.decideClosing(order, evidence, options);
  if (decided.move?.do !== 'wait' || evidence.result.answer !== 'unknown') return decided;
  const { decision } = decided;
  const after = applyDrafts(order, decision.drafts);
  const at = new Date(options.nowMs).toISOString();
  if (isActive('unknown_closes')) {
    const closing = real.closeUnreachedEntry(after, at, options.sequence);
    const drafts = [...decision.drafts, closing];
    return { decision: { ...decision, drafts }, move: { do: 'close_unreached' } };
  }
  if (isActive('revoke_on_doubt')) {
    const drafts = [...decision.drafts, cancelIntentEntry(after, 'revoke', at)];
    return { decision: { ...decision, drafts }, move: { do: 'cancel', method: 'revoke' } };
  }
  return decided;
}
