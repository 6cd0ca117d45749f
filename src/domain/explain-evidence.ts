/** What each piece of evidence in an audit counted for, and why. Pure. */
import type { AuditEntry, JsonValue } from './audit.js';
import { applyChanges, mayHaveRevoked, type Order } from './order.js';

/**
 * `decided` gave the order its status, `decided_before` an earlier one. `agrees`: the same fact again. `undecided`
 * proves nothing either way. `lost` speaks against the status and did not change it.
 */
export const EVIDENCE_ROLES = ['decided', 'decided_before', 'agrees', 'undecided', 'lost'] as const;
export type EvidenceRole = (typeof EVIDENCE_ROLES)[number];

/** One piece of evidence, and what it counted for. */
export interface ExplainedEvidence {
  /** Its entry in the audit. */
  readonly sequence: number;
  readonly at: string;
  readonly kind: AuditEntry['kind'];
  /** What it says. */
  readonly summary: string;
  readonly role: EvidenceRole;
  /** Why it decided, or why it did not. */
  readonly reason: string;
}

type Weight = readonly [role: EvidenceRole, reason: string];

/** @param decisive the entry that gave the order its status, if any */
export function weighEvidence(
  audit: readonly AuditEntry[],
  decisive: AuditEntry | null,
): readonly ExplainedEvidence[] {
  const explained: ExplainedEvidence[] = [];
  let before: Order | null = null;
  for (const entry of audit) {
    const decision = audit.find(
      ({ kind, data }) => kind === 'decision' && data.evidenceSequence === entry.sequence,
    );
    const weight =
      before === null
        ? null
        : decision === undefined
          ? weightOf(entry, before)
          : decidedWeight(decision, decisive);
    if (weight !== null) {
      const [role, reason] = weight;
      const { sequence, at, kind, summary } = entry;
      explained.push({ sequence, at, kind, summary, role, reason });
    }
    // The first entry of a chain holds the whole order.
    before = applyChanges(before ?? (entry.changes as Order), entry.changes, entry.at);
  }
  return explained;
}

function decidedWeight(decision: AuditEntry, decisive: AuditEntry | null): Weight {
  return [
    decision.sequence === decisive?.sequence ? 'decided' : 'decided_before',
    decision.summary,
  ];
}

/** @returns `null` for entries that are no evidence */
function weightOf(entry: AuditEntry, before: Order): Weight | null {
  switch (entry.kind) {
    case 'query':
      return entry.event === 'refund.query.answered'
        ? refundAnswerWeight(entry)
        : queryWeight(entry, before);
    case 'callback':
      return callbackWeight(entry, before);
    case 'cancel':
      return entry.event === 'cancel.answered'
        ? ['undecided', 'What a cancel answers proves nothing: the gateway is asked afterwards.']
        : null;
    default:
      return null;
  }
}

function queryWeight(entry: AuditEntry, before: Order): Weight {
  const { answer, cause } = entry.data;
  switch (answer) {
    case 'paid':
      return paidWeight(entry, before);
    case 'open':
    case 'paying':
      return hasBeenPaid(before)
        ? ['lost', 'A payment that the gateway signed outranks it: paid stays paid.']
        : ['undecided', 'Nobody had paid at that moment, which says nothing about the next one.'];
    case 'closed':
      return closedWeight(before);
    case 'not_found':
      return ['undecided', 'An order that is not known there may still arrive: it proves nothing.'];
    default:
      return [
        'undecided',
        `An answer that cannot be trusted${typeof cause === 'string' ? ` (${cause})` : ''} means neither paid nor unpaid.`,
      ];
  }
}

function closedWeight(before: Order): Weight {
  if (hasBeenPaid(before)) {
    return ['lost', 'Paid stays paid; that the gateway contradicts itself was raised.'];
  }
  switch (before.status) {
    case 'canceled':
      return ['agrees', 'Closed and unpaid, as the order is.'];
    case 'review':
      return ['undecided', 'A person decides what a review ends with.'];
    default:
      return ['undecided', 'The try is over, but the order can be paid again under its number.'];
  }
}

function callbackWeight(entry: AuditEntry, before: Order): Weight {
  const { isStale } = entry.data;
  const state = fact(entry, 'state');
  if (state === null) {
    return ['undecided', 'Signed, but it says nothing that is understood: the gateway is asked.'];
  }
  if (fact(entry, 'transactionKind') !== 'sale') {
    return ['undecided', 'It is about a refund or a void, not about the payment.'];
  }
  if (isStale === true) {
    return [
      'undecided',
      'Too old to decide by itself (sent again, or replayed): the gateway is asked.',
    ];
  }
  if (state !== 'paid') {
    return ['undecided', 'Of a callback only a payment is believed: the gateway is asked.'];
  }
  if (before.status === 'canceling' && mayHaveRevoked(before)) {
    return [
      'undecided',
      'A revoke may have given this very money back: only an answer of the gateway can tell.',
    ];
  }
  return paidWeight(entry, before);
}

/** Evidence of a payment that changed nothing. */
function paidWeight(entry: AuditEntry, before: Order): Weight {
  if (before.status === 'review') {
    return ['undecided', 'The order is in review already: a person decides.'];
  }
  if (!hasBeenPaid(before) && before.lateMoney === null) {
    return ['undecided', 'It does not say whose money it is and how much: the gateway is asked.'];
  }
  const gatewayTransNo = fact(entry, 'gatewayTransNo');
  const isOther =
    gatewayTransNo !== null &&
    before.gatewayTransNo !== null &&
    gatewayTransNo !== before.gatewayTransNo;
  if (isOther) {
    return [
      'lost',
      'Another payment under the same number: it was raised, its money is owed back.',
    ];
  }
  return fact(entry, 'amount') !== null && fact(entry, 'amount') !== before.amount
    ? ['lost', 'It names another amount than the payment that decided: it was raised.']
    : ['agrees', 'The same payment again changes nothing.'];
}

function refundAnswerWeight(entry: AuditEntry): Weight {
  switch (entry.data.answer) {
    case 'pending':
      return ['undecided', 'The refund is not settled yet.'];
    case 'not_found':
      return ['undecided', 'The gateway does not know the refund: it is told again, same number.'];
    case 'unknown':
      return ['undecided', 'The outcome of the refund stays unknown; its amount stays reserved.'];
    default:
      return ['agrees', 'The refund was settled already.'];
  }
}

/** Money of the order was proven to be ours, whatever was given back since. */
function hasBeenPaid({ status }: Order): boolean {
  return status === 'paid' || status === 'partially_refunded' || status === 'refunded';
}

function fact(entry: AuditEntry, name: string): JsonValue | null {
  const { facts } = entry.data;
  if (typeof facts !== 'object' || facts === null || Array.isArray(facts)) return null;
  return (facts as Readonly<Record<string, JsonValue | undefined>>)[name] ?? null;
}
