import type { Order, OrderChanges } from './order.js';
import { applyChanges } from './order.js';

export const AUDIT_KINDS = [
  'query',
  'callback',
  'decision',
  'create',
  'cancel',
  'refund',
  'operator',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/** What the decider writes about one thing that happened, with what it changes in the order. */
export interface AuditDraft {
  readonly kind: AuditKind;
  /** Stable name of what happened, such as `order.paid`. */
  readonly event: string;
  readonly at: string;
  /** One sentence for a person. */
  readonly summary: string;
  readonly data: { readonly [key: string]: JsonValue | undefined };
  readonly changes: OrderChanges;
}

/** A draft with its place in the order's chain. The first entry's changes hold the whole order. */
export interface AuditEntry extends AuditDraft {
  readonly orderId: string;
  /** 1 for the first; without gaps. */
  readonly sequence: number;
  /** The write it belongs to: a retry recognises its own. */
  readonly transitionId: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** What somebody should know about; de-duplicated by kind and order. */
export const ANOMALY_KINDS = [
  'amount_mismatch',
  'contradiction',
  'refunded_by_cancel',
  'unclosable',
  'late_payment',
  'duplicate_payment',
  'closing_stuck',
  'refund_stuck',
  'refund_mismatch',
  'external_sale',
  'unknown_order',
  'unknown_refund',
  'callbacks_silent',
  'order_stuck',
  'signature_failures',
  'gateway_trouble',
  'drift',
  'no_worker',
  'no_sweep',
] as const;
export type AnomalyKind = (typeof ANOMALY_KINDS)[number];

export interface AnomalyDraft {
  readonly kind: AnomalyKind;
  readonly at: string;
  readonly detail: string;
}

/** What an entry changes, and when: all that the order is made of. */
export type WrittenChange = Pick<AuditDraft, 'at' | 'changes'>;

/** The order that the drafts leave behind. */
export function applyDrafts(order: Order, drafts: readonly WrittenChange[]): Order {
  return drafts.reduce((current, draft) => applyChanges(current, draft.changes, draft.at), order);
}
