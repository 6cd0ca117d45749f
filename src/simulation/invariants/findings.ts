/** What must always hold, by name, and where it did not. */

export const INVARIANTS = {
  paid_stays_paid: 'A paid order never becomes anything but refunded, in whole or in part.',
  paid_is_shown_as_paid: 'Once a reader was told paid, no later reader is told anything less.',
  paid_is_never_invented:
    'An order becomes paid only by money, by a lie of the gateway, or by a person.',
  canceled_only_with_proof:
    'An order is closed only by an answer that it was unpaid, made when it was unpaid.',
  never_invites_a_second_payment: 'Nobody is told to pay again by an answer made when it was paid.',
  revoked_only_after_open: 'A revoke that gives money back was sent on an answer that said open.',
  evidence_is_kept_once: 'Every piece of evidence that was taken is in the audit exactly once.',
  audit_is_whole: 'The chain is whole, and the record is what the audit folds to.',
  one_completion: 'An order is completed at most once.',
  refunds_stay_within_payments: 'Refunds never give back more than was paid.',
  refund_is_told_once:
    'A refund is told again only after the gateway said that it does not know it.',
  acknowledged_callbacks_arrive: 'Every acknowledged callback reaches its order.',
  accepted_orders_exist: 'An order or refund that was accepted is in the record.',
  open_orders_have_a_driver: 'Whatever is still to be done has a run that will do it.',
  orders_settle: 'When everything has healed, every order ends or is with a person.',
  workflow_agrees: 'What a run thinks is what the record says.',
  workflow_is_deterministic:
    'A workflow built again from its history asks for the same, and never fails.',
  events_are_published_once:
    'Every event of the audit is in the feed once, in its order, without a gap.',
  money_is_accounted_for:
    'Money that came ends as paid, refunded, or with a person; never canceled.',
  second_payments_are_told: 'A second payment under one number that was seen is an anomaly.',
} as const;
export type InvariantName = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: InvariantName;
  readonly atMs: number;
  readonly detail: string;
}

export class Findings {
  readonly violations: Violation[] = [];
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  violated(invariant: InvariantName, detail: string): void {
    this.violations.push({ invariant, atMs: this.#nowMs(), detail });
  }
}
