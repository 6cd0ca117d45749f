/** What orders go through under load: what the simulated payer, network and gateway do, and what the shop asks for. */

/** What the shop does with the order besides asking whether it is paid. */
export type ShopAct = 'watches' | 'cancels' | 'refunds_part' | 'refunds_all' | 'pays_again';

export interface Story {
  readonly name: string;
  /** How often it is drawn, beside the others. */
  readonly weight: number;
  readonly channel: 'pos' | 'cloud' | 'hosted';
  /** Scenario of the simulator, and the amount's last four digits that choose it when it cannot be told. */
  readonly scenario: string;
  readonly magicDigits: number;
  /** Milliseconds, but `times`. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly act: ShopAct;
}

/** All checks are over within two minutes, so that a run can account for every end. */
export const CHECK_SCHEDULE: readonly string[] = ['2s', '3s', '5s', '10s', '20s', '30s'];

const PAY_SOON = { payAfterMs: 1_500 };

/** A gateway that holds a request lets go of it after this. */
const HELD = { holdMs: 3_000 };

function story(
  scenario: string,
  magicDigits: number,
  weight: number,
  more: Partial<Story> = {},
): Story {
  return {
    name: scenario,
    weight,
    channel: 'hosted',
    scenario,
    magicDigits,
    parameters: PAY_SOON,
    act: 'watches',
    ...more,
  };
}

function named(name: string, of: Story): Story {
  return { ...of, name };
}

export const STORIES: readonly Story[] = [
  story('paid_after', 9001, 12),
  named('paid at a terminal', story('paid_after', 9001, 5, { channel: 'cloud' })),
  named('paid at a till', story('paid_after', 9001, 5, { channel: 'pos' })),
  named('declined at a till', story('declined', 9003, 2, { channel: 'pos' })),
  story('callback_lost', 9004, 8),
  story('callback_late', 9005, 5, { parameters: { ...PAY_SOON, callbackDelayMs: 6_000 } }),
  story('callback_twice', 9006, 5),
  story('callback_out_of_order', 9007, 4),
  story('callback_forged', 9008, 2),
  story('callback_unsigned', 9027, 1),
  story('callback_wrong_amount', 9009, 1),
  story('paid_with_tip', 9023, 2),
  story('paid_twice', 9025, 1),
  story('paying_long', 9021, 3, { parameters: { payAfterMs: 1_000, payingMs: 8_000 } }),
  story('declined', 9003, 4),
  story('declined_then_paid', 9022, 5, { act: 'pays_again' }),
  story('never_paid', 9002, 5),
  named('never paid, canceled', story('never_paid', 9002, 5, { act: 'cancels' })),
  named('paid while it is canceled', story('paid_after', 9001, 4, { act: 'cancels' })),
  story('paid_just_before_cancel', 9015, 3, { act: 'cancels' }),
  story('paid_after_cancel', 9016, 2, { act: 'cancels', parameters: { payAfterMs: 3_000 } }),
  story('cancel_timeout_but_closed', 9019, 3, { act: 'cancels', parameters: HELD }),
  story('cancel_refused', 9020, 2, { act: 'cancels' }),
  story('create_timeout_but_created', 9017, 2, { parameters: HELD }),
  story('create_timeout_not_created', 9018, 2, { parameters: HELD }),
  story('query_timeout', 9010, 2, { parameters: { ...PAY_SOON, ...HELD } }),
  story('query_500', 9011, 2),
  story('query_unsigned', 9013, 2),
  story('query_other_order', 9031, 1),
  named('refunded in part', story('refund_succeeds_after', 9033, 5, { act: 'refunds_part' })),
  named('refunded', story('refund_succeeds_after', 9033, 4, { act: 'refunds_all' })),
  story('refund_fails', 9034, 2, { act: 'refunds_part' }),
  story('refund_timeout_but_done', 9036, 3, {
    act: 'refunds_part',
    parameters: { ...PAY_SOON, ...HELD },
  }),
  story('refund_timeout_not_done', 9037, 3, {
    act: 'refunds_part',
    parameters: { ...PAY_SOON, ...HELD },
  }),
  story('refund_callback_lost', 9038, 3, { act: 'refunds_all' }),
];

const WEIGHT_SUM = STORIES.reduce((sum, { weight }) => sum + weight, 0);

/** @param chance from 0 to 1 */
export function storyAt(chance: number): Story {
  let left = chance * WEIGHT_SUM;
  for (const one of STORIES) {
    left -= one.weight;
    if (left < 0) return one;
  }
  return STORIES[0] as Story;
}
