/**
 * What the simulated gateway, network and payer do with an order. A scenario is chosen by the order's amount or by the
 * control API; docs/simulator.md tells them one by one.
 */

/** What the payer does without a person at the page or the terminal. */
export type PayerBehaviour = 'waits' | 'pays' | 'declines' | 'declines_then_pays' | 'pays_twice';

export type CallbackBehaviour =
  | 'sent'
  | 'lost'
  | 'late'
  | 'twice'
  | 'out_of_order'
  | 'old'
  | 'wrong_amount'
  /** Nobody pays, and a message with a bad signature says paid. */
  | 'forged'
  /** As `forged`, without any signature. */
  | 'unsigned'
  /** After the payment a refund's callback comes, under a number of its own. */
  | 'then_refund';

export type QueryFault =
  | 'held'
  | 'http_500'
  | 'garbage'
  | 'unsigned'
  | 'wrong_signature'
  | 'not_found'
  | 'error_code'
  | 'other_order';

export type CreateFault = 'held_created' | 'held_not_created' | 'refused';

export type CancelFault = 'held_closed' | 'refused' | 'paid_just_before' | 'paid_after';

/** How a refund ends once the gateway has taken it on. */
export type RefundBehaviour = 'succeeds' | 'fails' | 'stays_pending';

export type RefundFault = 'held_done' | 'held_not_done' | 'refused';

/** Everything a scenario decides. Times in milliseconds. */
export interface Behaviour {
  readonly payer: PayerBehaviour;
  /** From creation, or from the cancel in `paid_after_cancel`, until the payer acts. */
  readonly payAfterMs: number;
  /** How long the payment stays in progress (`trans_status` 0). */
  readonly payingMs: number;
  readonly callback: CallbackBehaviour;
  /** Delay of a late callback, and of whatever follows the first one. */
  readonly callbackDelayMs: number;
  readonly queryFault: QueryFault | null;
  readonly createFault: CreateFault | null;
  readonly cancelFault: CancelFault | null;
  /** How many requests the fault hits; `null` is all of them. */
  readonly times: number | null;
  /** How long a request that gets no answer is held. */
  readonly holdMs: number;
  readonly refund: RefundBehaviour;
  /** From a refund's submission until it settles. */
  readonly refundAfterMs: number;
  readonly refundCallback: 'sent' | 'lost';
  readonly refundFault: RefundFault | null;
  readonly refundQueryFault: 'error_code' | null;
  readonly isVoidAllowed: boolean;
  readonly tipPercent: number;
  readonly discountPercent: number;
}

/** What may be set per order. */
export type ScenarioParameters = Partial<
  Pick<
    Behaviour,
    'payAfterMs' | 'payingMs' | 'callbackDelayMs' | 'refundAfterMs' | 'times' | 'holdMs'
  >
>;

const WAITS: Behaviour = {
  payer: 'waits',
  payAfterMs: 3_000,
  payingMs: 0,
  callback: 'sent',
  callbackDelayMs: 2_000,
  queryFault: null,
  createFault: null,
  cancelFault: null,
  times: null,
  holdMs: 15_000,
  refund: 'succeeds',
  refundAfterMs: 1_000,
  refundCallback: 'sent',
  refundFault: null,
  refundQueryFault: null,
  isVoidAllowed: true,
  tipPercent: 0,
  discountPercent: 0,
};

const PAYS: Behaviour = { ...WAITS, payer: 'pays' };

/** The payment comes, its callback does not, and the first queries fail: a later one has to find it. */
const PAYS_UNHEARD: Behaviour = { ...PAYS, callback: 'lost', times: 2 };

/** Chosen for an order they hold for all its refunds, and its payer pays; for a refund's number, for that one. */
const REFUND_SCENARIOS = {
  refund_succeeds_after: PAYS,
  refund_fails: { ...PAYS, refund: 'fails' },
  refund_stays_pending: { ...PAYS, refund: 'stays_pending' },
  refund_timeout_but_done: { ...PAYS, refundFault: 'held_done', times: 1 },
  refund_timeout_not_done: { ...PAYS, refundFault: 'held_not_done', times: 1 },
  refund_callback_lost: { ...PAYS, refundCallback: 'lost' },
  refund_refused: { ...PAYS, refundFault: 'refused' },
  refund_query_unknown: {
    ...PAYS,
    refundCallback: 'lost',
    refundQueryFault: 'error_code',
    times: 2,
  },
  void_not_allowed: { ...PAYS, isVoidAllowed: false },
} as const satisfies Record<string, Behaviour>;

export const SCENARIOS = {
  waits: WAITS,
  paid_after: PAYS,
  never_paid: WAITS,
  declined: { ...WAITS, payer: 'declines' },
  declined_then_paid: { ...WAITS, payer: 'declines_then_pays' },
  paid_with_tip: { ...PAYS, tipPercent: 20 },
  paid_with_discount: { ...PAYS, discountPercent: 10 },
  paid_twice: { ...PAYS, payer: 'pays_twice' },
  paying_long: { ...PAYS, payAfterMs: 1_000, payingMs: 60_000 },
  callback_lost: { ...PAYS, callback: 'lost' },
  callback_late: { ...PAYS, callback: 'late', callbackDelayMs: 20_000 },
  callback_twice: { ...PAYS, callback: 'twice' },
  callback_out_of_order: { ...PAYS, callback: 'out_of_order' },
  callback_old: { ...PAYS, callback: 'old' },
  callback_forged: { ...WAITS, callback: 'forged' },
  callback_unsigned: { ...WAITS, callback: 'unsigned' },
  callback_wrong_amount: { ...PAYS, callback: 'wrong_amount' },
  callback_then_refund: { ...PAYS, callback: 'then_refund' },
  query_timeout: { ...PAYS_UNHEARD, queryFault: 'held' },
  query_500: { ...PAYS_UNHEARD, queryFault: 'http_500' },
  query_garbage: { ...PAYS_UNHEARD, queryFault: 'garbage' },
  query_unsigned: { ...PAYS_UNHEARD, queryFault: 'unsigned' },
  query_wrong_signature: { ...PAYS_UNHEARD, queryFault: 'wrong_signature' },
  query_not_found: { ...PAYS_UNHEARD, queryFault: 'not_found' },
  query_error_code: { ...PAYS_UNHEARD, queryFault: 'error_code' },
  query_other_order: { ...PAYS_UNHEARD, queryFault: 'other_order' },
  create_timeout_but_created: { ...WAITS, createFault: 'held_created', times: 1 },
  create_timeout_not_created: { ...WAITS, createFault: 'held_not_created', times: 1 },
  create_refused: { ...WAITS, createFault: 'refused', times: 1 },
  paid_just_before_cancel: { ...WAITS, cancelFault: 'paid_just_before', times: 1 },
  paid_after_cancel: { ...WAITS, cancelFault: 'paid_after', times: 1 },
  cancel_timeout_but_closed: { ...WAITS, cancelFault: 'held_closed', times: 1 },
  cancel_refused: { ...WAITS, cancelFault: 'refused', times: 2 },
  ...REFUND_SCENARIOS,
} as const satisfies Record<string, Behaviour>;

export type ScenarioName = keyof typeof SCENARIOS;

export const SCENARIO_NAMES = Object.keys(SCENARIOS) as readonly ScenarioName[];

/** Amounts whose last four digits are these, in minor units, choose a scenario: 90.01 USD is the first. */
export const MAGIC_AMOUNT_FIRST = 9_001;

const MAGIC_MODULUS = 10_000;

/** In the order of their magic amounts, which are documented: new ones go to the end. */
export const MAGIC_SCENARIOS: readonly ScenarioName[] = [
  'paid_after',
  'never_paid',
  'declined',
  'callback_lost',
  'callback_late',
  'callback_twice',
  'callback_out_of_order',
  'callback_forged',
  'callback_wrong_amount',
  'query_timeout',
  'query_500',
  'query_garbage',
  'query_unsigned',
  'query_wrong_signature',
  'paid_just_before_cancel',
  'paid_after_cancel',
  'create_timeout_but_created',
  'create_timeout_not_created',
  'cancel_timeout_but_closed',
  'cancel_refused',
  'paying_long',
  'declined_then_paid',
  'paid_with_tip',
  'paid_with_discount',
  'paid_twice',
  'callback_old',
  'callback_unsigned',
  'callback_then_refund',
  'query_not_found',
  'query_error_code',
  'query_other_order',
  'create_refused',
  'refund_succeeds_after',
  'refund_fails',
  'refund_stays_pending',
  'refund_timeout_but_done',
  'refund_timeout_not_done',
  'refund_callback_lost',
  'refund_refused',
  'refund_query_unknown',
  'void_not_allowed',
];

export function isRefundScenario(scenario: ScenarioName): boolean {
  return Object.hasOwn(REFUND_SCENARIOS, scenario);
}

/** The scenario that an amount chooses; `waits` for all that choose none. */
export function scenarioOfAmount(amountMinor: number): ScenarioName {
  return MAGIC_SCENARIOS[(amountMinor % MAGIC_MODULUS) - MAGIC_AMOUNT_FIRST] ?? 'waits';
}

/** A scenario as chosen for one order, and how often its fault still strikes. */
export interface ScenarioChoice {
  readonly scenario: ScenarioName;
  readonly parameters: ScenarioParameters;
  readonly timesLeft: number | null;
}

export function chooseScenario(
  scenario: ScenarioName,
  parameters: ScenarioParameters = {},
): ScenarioChoice {
  return { scenario, parameters, timesLeft: behaviourOf({ scenario, parameters }).times };
}

export function behaviourOf(choice: Pick<ScenarioChoice, 'scenario' | 'parameters'>): Behaviour {
  return { ...SCENARIOS[choice.scenario], ...choice.parameters };
}
