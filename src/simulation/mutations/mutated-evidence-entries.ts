/** Takes the place of src/domain/evidence-entries.ts in the bundle. */
import type { AuditDraft } from '../../domain/audit.js';
import type { CancelEvidence } from '../../domain/evidence.js';
import * as real from '../../domain/evidence-entries.js';
import type { Order } from '../../domain/order.js';
import { isActive } from './active-mutation.js';

export {
  callbackEntry,
  cancelEntry,
  factsData,
  queryEntry,
} from '../../domain/evidence-entries.js';

export function cancelIntentEntry(
  order: Order,
  method: CancelEvidence['method'],
  at: string,
): AuditDraft {
  const entry = real.cancelIntentEntry(order, method, at);
  const { closing } = entry.changes;
  if (!isActive('intent_not_written') || closing == null) return entry;
  return { ...entry, changes: { closing: { ...closing, possibleRevokes: 0 } } };
}
