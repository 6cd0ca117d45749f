/** Rules that are younger than runs which may still be open, by the name of the patch that brings them. */
export type AddedRule =
  | 'late-money-comes-again'
  | 'operators-paid-names-no-payment'
  | 'revoked-payment-is-remembered'
  | 'settled-by-a-person'
  | 'unanswered-is-asked-again';

/** Where and when a decision is made. */
export interface DecisionContext {
  /** The audit sequence that the evidence's own entry will get. */
  readonly sequence: number;
  /** The decider's clock (epoch ms): what follows in time is counted from it, not from the evidence's clocks. */
  readonly nowMs: number;
  /**
   * Whether the decider knows a rule that was added later: a run that has decided without it must decide so again when
   * it is replayed. It is asked only where the rule changes something. Absent: all are known.
   */
  readonly knows?: (rule: AddedRule) => boolean;
}

export function knows(
  { knows: isKnown }: Pick<DecisionContext, 'knows'>,
  rule: AddedRule,
): boolean {
  return isKnown === undefined || isKnown(rule);
}

/** When a decision is made, RFC 3339 UTC. */
export function decidedAt({ nowMs }: Pick<DecisionContext, 'nowMs'>): string {
  return new Date(nowMs).toISOString();
}
