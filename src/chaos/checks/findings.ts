/** What must hold when the dust has settled, and where it does not. */

export const INVARIANTS = {
  accepted_orders_exist: 'An order that was accepted is in the record, with its amount.',
  accepted_refunds_exist:
    'A refund that was accepted is in the record of its order, with its amount.',
  accepted_cancels_act: 'An order whose cancel was accepted is not simply pending.',
  paid_is_known: 'An order that was paid at the gateway is paid, refunded, or in review.',
  paid_is_never_invented: 'An order that is paid here was paid at the gateway.',
  revoked_money_is_seen: 'An order whose payment a revoke gave back is in review.',
  paid_stays_paid: 'Once somebody was told paid, nobody is told anything less later.',
  never_invites_a_second_payment: 'Nobody is told to pay again after the gateway had been paid.',
  no_answer_is_a_mistake: 'No answer is a 500, or a refusal that nothing explains.',
  acknowledged_callbacks_arrive:
    'Every acknowledged callback is stored, processed, and in the audit of its order, unless it only says what had decided it.',
  evidence_is_kept_once: 'A callback is recorded once in the audit of its order.',
  one_completion: 'An order is completed at most once.',
  one_refund_per_number:
    'The gateway has at most one refund for each number, and none we never asked for.',
  refunds_agree: 'What the gateway gave back is what the order says, and never more than was paid.',
  audit_is_whole: 'Every chain is whole, and every order is what its audit says.',
  orders_have_a_driver: 'Whatever is still to be done has a run, and is not overdue.',
  workflow_agrees: 'What the run of an order thinks is what the record says.',
  readers_agree: 'What the API says of an order is what the record says.',
  feed_is_whole: 'Every event that an audit holds is in the event feed, as the audit tells it.',
  feed_tells_once: 'An event is in the feed once.',
  feed_is_never_invented: 'What is in the feed is an event of an audit.',
  feed_keeps_order: 'The events of an order are in the feed in the order of its decisions.',
  feed_agrees: 'What the feed says last of an order is what its record says.',
  followers_miss_nothing:
    'Whoever followed the feed meanwhile was given all of it, in its order, each event once.',
  webhook_tells_all: 'Every event reached the webhook, and was sent again until it was taken.',
  webhook_agrees:
    'What the webhook was sent is signed, and is the event of the feed, the same each time.',
  system_settles: 'After the last fault everything comes to rest within the limit.',
} as const;
export type InvariantName = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: InvariantName;
  /** Order or refund number; `null` when it is about no single one. */
  readonly number: string | null;
  readonly detail: string;
}

export class Findings {
  readonly violations: Violation[] = [];

  add(invariant: InvariantName, number: string | null, detail: string): void {
    this.violations.push({ invariant, number, detail });
  }
}
