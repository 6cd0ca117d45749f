/** What a check is tried with: changes of a run in which all is well. */
import type { OrderDocument } from '../../../src/store/order.model.js';
import { PAID_AT_MS, type RunChanges } from './checked-run.js';

/** By what happened; all of `breaks` must be found, nothing of `holds` although it is close to it. */
export interface CheckCases {
  readonly breaks: Readonly<Record<string, RunChanges>>;
  readonly holds: Readonly<Record<string, RunChanges>>;
}

/** An order on its way, with a next step that is not due yet. */
export const OPEN: Partial<OrderDocument> = {
  status: 'pending',
  nextActionAt: new Date(PAID_AT_MS + 120_000).toISOString(),
};
