/** Deliberately broken variants: each must be caught. They exist in the simulation's bundle alone. */
import type { InvariantName } from '../invariants/findings.js';

interface Mutation {
  /** The invariant that must catch it, whatever others do. */
  readonly breaks: InvariantName;
  readonly what: string;
}

export const MUTATIONS = {
  paid_reopened: {
    breaks: 'paid_stays_paid',
    what: 'an answer that is older than the payment makes a paid order pending again',
  },
  reader_remembers: {
    breaks: 'paid_is_shown_as_paid',
    what: 'a reader is shown what its API process read some seconds ago',
  },
  paying_counts_as_paid: {
    breaks: 'paid_is_never_invented',
    what: 'a payment in progress counts as paid',
  },
  unknown_closes: {
    breaks: 'canceled_only_with_proof',
    what: 'no answer closes an order',
  },
  pay_again_on_doubt: {
    breaks: 'never_invites_a_second_payment',
    what: 'the payer is told to pay again when the gateway did not answer',
  },
  revoke_on_doubt: {
    breaks: 'revoked_only_after_open',
    what: 'a revoke is sent although the gateway did not say open',
  },
  evidence_not_recognised: {
    breaks: 'evidence_is_kept_once',
    what: 'evidence that is in the record already is taken as new',
  },
  evidence_dropped: {
    breaks: 'evidence_is_kept_once',
    what: 'answers about paid orders count as recorded and are thrown away',
  },
  entry_overwritten: {
    breaks: 'audit_is_whole',
    what: 'an audit entry whose place is taken counts as written',
  },
  completed_twice: {
    breaks: 'one_completion',
    what: 'a second proof completes the order a second time',
  },
  refund_cap_ignored: {
    breaks: 'refunds_stay_within_payments',
    what: 'a refund may be larger than what is left',
  },
  refund_told_on_doubt: {
    breaks: 'refund_is_told_once',
    what: 'a refund is told again when the gateway did not answer',
  },
  acknowledged_unsaved: {
    breaks: 'acknowledged_callbacks_arrive',
    what: 'a callback is acknowledged although the inbox did not take it',
  },
  accepted_unsaved: {
    breaks: 'accepted_orders_exist',
    what: 'a refund is accepted before it is known that the order has it',
  },
  sweep_sees_nothing: {
    breaks: 'open_orders_have_a_driver',
    what: 'the sweep finds no overdue order',
  },
  closing_forgotten: {
    breaks: 'orders_settle',
    what: 'nothing is ever due for an order that is being closed',
  },
  second_writer: {
    breaks: 'workflow_agrees',
    what: 'the API writes the begin of a closing itself',
  },
  pause_by_chance: {
    breaks: 'workflow_is_deterministic',
    what: 'the workflow draws its pauses',
  },
  events_forgotten: {
    breaks: 'events_are_published_once',
    what: 'an event that could not be written counts as published',
  },
  late_money_ignored: {
    breaks: 'money_is_accounted_for',
    what: 'money for a closed order is taken for nothing new',
  },
  intent_not_written: {
    breaks: 'money_is_accounted_for',
    what: 'the record does not say that a revoke may have been sent',
  },
  second_payment_ignored: {
    breaks: 'second_payments_are_told',
    what: 'a second payment raises nothing',
  },
} as const satisfies Record<string, Mutation>;
export type MutationName = keyof typeof MUTATIONS;

let active: MutationName | null = null;

/** @param name `null` for the code as it is */
export function activateMutation(name: MutationName | null): void {
  active = name;
}

export function isActive(name: MutationName): boolean {
  return active === name;
}
