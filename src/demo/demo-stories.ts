/** The scenarios that the demo drives, each with the end that it must have. */

/** What a person, or the merchant, does while the order lives. */
export type DemoAct =
  | 'payer_pays'
  | 'till_sells'
  | 'merchant_cancels'
  | 'pay_again_then_pays'
  | 'pay_then_refund';

export interface DemoStory {
  readonly name: string;
  readonly tells: string;
  readonly channel: 'pos' | 'cloud' | 'hosted';
  /** Scenario of the simulator, and its parameters in milliseconds. */
  readonly scenario: string;
  readonly parameters?: Readonly<Record<string, number>>;
  readonly schedule: readonly string[];
  readonly act?: DemoAct;
  /** What the simulator does with the refund, and how much is refunded: all of it when not said. */
  readonly refund?: { readonly scenario: string; readonly amount?: number };
  readonly ends: {
    readonly status: string;
    readonly reviewReason?: string;
    readonly decidedBy?: 'callback' | 'query';
    readonly proof?: string;
  };
}

const SHORT = ['2s', '2s', '3s', '5s'];
/** For calls that time out at the gateway: the client waits 10 s for an answer. */
const LONG = ['2s', '3s', '15s', '10s'];
const PAID = { status: 'paid' } as const;
const PAID_BY_CALLBACK = { status: 'paid', decidedBy: 'callback' } as const;
const PAID_BY_QUERY = { status: 'paid', decidedBy: 'query' } as const;
const CANCELED = { status: 'canceled' } as const;

function hosted(
  scenario: string,
  tells: string,
  ends: DemoStory['ends'],
  more: Partial<DemoStory> = {},
): DemoStory {
  return { name: scenario, tells, channel: 'hosted', scenario, schedule: SHORT, ends, ...more };
}

function refunded(
  scenario: string,
  tells: string,
  status: string,
  more: Partial<DemoStory> = {},
): DemoStory {
  return {
    name: scenario,
    tells,
    channel: 'hosted',
    scenario: 'waits',
    schedule: ['60s'],
    act: 'pay_then_refund',
    refund: { scenario },
    ends: { status },
    ...more,
  };
}

const REFUND_STORIES: readonly DemoStory[] = [
  refunded('refund_succeeds_after', 'paid, and all of it refunded', 'refunded'),
  refunded('refund_succeeds_after', 'paid, and a part of it refunded', 'partially_refunded', {
    name: 'refund_of_a_part',
    refund: { scenario: 'refund_succeeds_after', amount: 400 },
  }),
  refunded('refund_callback_lost', 'the refund’s callback never comes', 'refunded'),
  refunded('refund_timeout_but_done', 'the refund is not answered, but it happened', 'refunded'),
  refunded('refund_timeout_not_done', 'the refund is not answered, and did not happen', 'refunded'),
];

export const DEMO_STORIES: readonly DemoStory[] = [
  ...REFUND_STORIES,
  hosted('waits', 'a person pays on the hosted page', PAID_BY_CALLBACK, {
    name: 'person_pays',
    act: 'payer_pays',
  }),
  hosted('paid_after', 'paid after a second', PAID_BY_CALLBACK, {
    parameters: { payAfterMs: 1_000 },
  }),
  hosted('paid_after', 'paid on a terminal that we drive', PAID_BY_CALLBACK, {
    name: 'cloud_paid',
    channel: 'cloud',
    parameters: { payAfterMs: 1_000 },
  }),
  hosted('paid_after', 'the till starts the sale with our number', PAID_BY_CALLBACK, {
    name: 'pos_paid',
    channel: 'pos',
    act: 'till_sells',
    parameters: { payAfterMs: 1_000 },
  }),
  hosted(
    'waits',
    'the till never starts the sale',
    { ...CANCELED, proof: 'never_reached_gateway' },
    {
      name: 'pos_never_started',
      channel: 'pos',
    },
  ),
  hosted(
    'never_paid',
    'nobody pays: the gateway lets it expire, and it is closed with proof',
    CANCELED,
  ),
  hosted('never_paid', 'nobody pays on the terminal: closed there', CANCELED, {
    name: 'cloud_never_paid',
    channel: 'cloud',
  }),
  hosted('waits', 'the merchant cancels', CANCELED, {
    name: 'merchant_cancels',
    act: 'merchant_cancels',
  }),
  hosted('waits', 'the merchant cancels what waits on the terminal', CANCELED, {
    name: 'merchant_cancels_cloud',
    channel: 'cloud',
    act: 'merchant_cancels',
  }),
  hosted('declined', 'the payer is declined', CANCELED, { parameters: { payAfterMs: 1_000 } }),
  hosted('declined', 'declined, then paid again under the same number', PAID, {
    name: 'declined_then_paid_again',
    parameters: { payAfterMs: 1_000 },
    schedule: LONG,
    act: 'pay_again_then_pays',
  }),
  hosted('paid_with_tip', 'paid with a tip', PAID, { parameters: { payAfterMs: 1_000 } }),
  hosted('paid_with_discount', 'paid with a discount', PAID, { parameters: { payAfterMs: 1_000 } }),
  hosted('paid_twice', 'two payments under one number', PAID, {
    parameters: { payAfterMs: 1_000 },
  }),
  hosted('paying_long', 'the payment stays in progress past the last check', PAID, {
    parameters: { payAfterMs: 1_000, payingMs: 14_000 },
  }),
  hosted('callback_lost', 'the callback never comes', PAID_BY_QUERY, {
    parameters: { payAfterMs: 1_000 },
  }),
  hosted('callback_late', 'the callback comes when a check has found the payment', PAID_BY_QUERY, {
    parameters: { payAfterMs: 1_000, callbackDelayMs: 6_000 },
  }),
  hosted('callback_twice', 'the callback comes twice', PAID_BY_CALLBACK, {
    parameters: { payAfterMs: 1_000, callbackDelayMs: 500 },
  }),
  hosted('callback_out_of_order', '"paying" comes after "paid"', PAID_BY_CALLBACK, {
    parameters: { payAfterMs: 1_000, callbackDelayMs: 500 },
  }),
  hosted('callback_old', 'an old callback only wakes a question', PAID_BY_QUERY, {
    parameters: { payAfterMs: 1_000 },
  }),
  hosted('callback_forged', 'a forged callback says paid', CANCELED),
  hosted('callback_unsigned', 'an unsigned callback says paid', CANCELED),
  hosted(
    'callback_wrong_amount',
    'a signed callback with another amount',
    { status: 'review', reviewReason: 'amount_mismatch' },
    { parameters: { payAfterMs: 1_000 } },
  ),
  hosted('callback_then_refund', 'a refund’s callback follows the payment', PAID_BY_CALLBACK, {
    parameters: { payAfterMs: 1_000, callbackDelayMs: 500 },
  }),
  ...(['query_500', 'query_garbage', 'query_unsigned', 'query_wrong_signature'] as const).map(
    (scenario) =>
      hosted(scenario, 'paid, callback lost, and the first answers are worthless', PAID_BY_QUERY, {
        parameters: { payAfterMs: 500 },
      }),
  ),
  ...(['query_not_found', 'query_error_code', 'query_other_order'] as const).map((scenario) =>
    hosted(scenario, 'paid, callback lost, and the first answers mislead', PAID_BY_QUERY, {
      parameters: { payAfterMs: 500 },
    }),
  ),
  hosted('query_timeout', 'paid, callback lost, and the first queries time out', PAID_BY_QUERY, {
    parameters: { payAfterMs: 500, times: 1 },
    schedule: LONG,
  }),
  hosted('create_timeout_but_created', 'the creation is not answered, but it happened', PAID, {
    schedule: LONG,
    act: 'payer_pays',
  }),
  hosted('create_timeout_not_created', 'the creation is not answered, and did not happen', PAID, {
    schedule: LONG,
    act: 'payer_pays',
  }),
  hosted('create_refused', 'the first creation is answered with an error', PAID, {
    act: 'payer_pays',
  }),
  hosted('cancel_refused', 'the gateway refuses to cancel, twice', CANCELED, {
    act: 'merchant_cancels',
  }),
  hosted('cancel_timeout_but_closed', 'the cancel is not answered, but it happened', CANCELED, {
    schedule: LONG,
    act: 'merchant_cancels',
  }),
  hosted(
    'paid_just_before_cancel',
    'paid between our question and our revoke',
    { status: 'review', reviewReason: 'refunded_by_cancel' },
    { act: 'merchant_cancels' },
  ),
  hosted(
    'paid_after_cancel',
    'money arrives after closing',
    { status: 'review', reviewReason: 'late_payment' },
    { act: 'merchant_cancels', parameters: { payAfterMs: 3_000 } },
  ),
];
