/** Takes the place of src/domain/decide.ts in the bundle. */
import type { AuditDraft } from '../../domain/audit.js';
import * as real from '../../domain/decide.js';
import type { DecisionContext } from '../../domain/decision-context.js';
import type { Evidence, QueryEvidence } from '../../domain/evidence.js';
import type { Order } from '../../domain/order.js';
import { isPaid } from '../../domain/order-state.js';
import { isActive } from './active-mutation.js';

export { type Decision, mismatchedFields } from '../../domain/decide.js';

export function isRecorded(order: Order, evidence: Evidence): boolean {
  if (isActive('evidence_not_recognised')) return false;
  const isDropped = isActive('evidence_dropped') && isPaid(order.status);
  return isDropped && evidence.source === 'query' ? true : real.isRecorded(order, evidence);
}

export function decide(order: Order, evidence: Evidence, context: DecisionContext): real.Decision {
  const said = isActive('paying_counts_as_paid') ? withPayingAsPaid(evidence) : evidence;
  const decision = real.decide(order, said, context);
  if (isActive('second_payment_ignored')) {
    const anomalies = decision.anomalies.filter(({ kind }) => kind !== 'duplicate_payment');
    return { ...decision, anomalies };
  }
  if (isActive('paid_reopened') && isPaid(order.status) && isUnpaidAnswer(evidence)) {
    return { ...decision, drafts: [...decision.drafts, reopened(decision.drafts)] };
  }
  if (isActive('completed_twice') && isPaid(order.status) && evidence.source === 'callback') {
    return { ...decision, drafts: [...decision.drafts, completed(order, decision.drafts)] };
  }
  return decision;
}

function isUnpaidAnswer(evidence: Evidence): boolean {
  return evidence.source === 'query' && evidence.result.answer !== 'paid';
}

function reopened(drafts: readonly AuditDraft[]): AuditDraft {
  const at = drafts[0]?.at ?? '';
  return { ...blank(at), event: 'order.changed', changes: { status: 'pending' } };
}

function completed(order: Order, drafts: readonly AuditDraft[]): AuditDraft {
  const at = drafts[0]?.at ?? '';
  const data = { from: order.status, to: order.status };
  return { ...blank(at), event: 'order.paid', data, changes: {} };
}

function blank(at: string): Omit<AuditDraft, 'event' | 'changes'> {
  return { kind: 'decision', at, summary: 'mutated', data: {} };
}

function withPayingAsPaid(evidence: Evidence): Evidence {
  if (evidence.source !== 'query' || evidence.result.answer !== 'paying') return evidence;
  const { facts, reply } = evidence.result;
  const paid: QueryEvidence['result'] = {
    answer: 'paid',
    facts: { ...facts, state: 'paid' },
    reply,
  };
  return { ...evidence, result: paid };
}
