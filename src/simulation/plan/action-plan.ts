/** What payers, the merchant and operators do about one order. */
import type { NewOrder } from '../../domain/new-order.js';
import { scheduleTotalMs } from '../../domain/schedule.js';
import type { RandomStream } from '../kernel/random.js';

/** Times after the begin of the seed, in milliseconds. */
export type ActionPlan = { readonly id: string; readonly afterMs: number } & (
  | {
      readonly do: 'pay';
      readonly amount: number;
      readonly durationMs: number;
      readonly succeeds: boolean;
      readonly ignoresClosing: boolean;
      /** Pays right after the gateway has told somebody that the order is open. */
      readonly waitsForQuestion: boolean;
    }
  | { readonly do: 'poll'; readonly times: number; readonly everyMs: number }
  | { readonly do: 'pay_again' }
  | { readonly do: 'cancel' }
  | { readonly do: 'check' }
  | { readonly do: 'list' }
  | { readonly do: 'review' }
  | {
      readonly do: 'refund';
      readonly refundNo: string;
      readonly amount: number | null;
      readonly method: 'refund' | 'void';
    }
);

const HURRIED_SHARE = 0.5;

type Doing = ActionPlan['do'];

interface Circumstances {
  readonly index: number;
  readonly request: NewOrder;
  readonly createdAfterMs: number;
  readonly hostileMs: number;
}

/** How often each is done at most, and the chance of each. */
const HABITS: readonly (readonly [Doing, number, number])[] = [
  ['pay', 3, 0.55],
  ['poll', 2, 0.5],
  ['pay_again', 2, 0.25],
  ['cancel', 2, 0.4],
  ['check', 1, 0.15],
  ['list', 2, 0.3],
  ['refund', 3, 0.3],
  ['review', 3, 0.5],
];

export function drawActions(random: RandomStream, about: Circumstances): readonly ActionPlan[] {
  const actions: ActionPlan[] = [];
  const { index, createdAfterMs, hostileMs } = about;
  for (const [doing, most, chance] of HABITS) {
    for (let count = 0; count < most; count += 1) {
      if (!random.chance(chance)) continue;
      // Most of what people do, they do soon.
      const spanMs = random.pick([10_000, 60_000, 60_000, hostileMs - createdAfterMs]);
      const afterMs = createdAfterMs + random.integer(0, Math.max(1_000, spanMs));
      const id = `action:${index}.${actions.length}`;
      actions.push({ id, afterMs, ...drawAction(random, doing, { ...about, count }) });
    }
  }
  return [...actions, ...hurriedPayments(random, about, actions)];
}

/** Payers who pay at the very moment at which the order is being closed. */
function hurriedPayments(
  random: RandomStream,
  { index, request, createdAfterMs }: Circumstances,
  actions: readonly ActionPlan[],
): readonly ActionPlan[] {
  const closingAfterMs = [
    ...actions.filter((action) => action.do === 'cancel').map(({ afterMs }) => afterMs),
    createdAfterMs + scheduleTotalMs({ ...request.checks, done: 0, nextAt: null }),
  ];
  return closingAfterMs.flatMap((afterMs, count): readonly ActionPlan[] => {
    if (!random.chance(HURRIED_SHARE)) return [];
    return [
      {
        id: `action:${index}.hurried${count}`,
        do: 'pay',
        afterMs: afterMs + random.integer(0, random.pick([800, 3_000, 15_000])),
        amount: request.amount,
        durationMs: random.integer(20, random.pick([200, 4_000])),
        succeeds: true,
        ignoresClosing: random.chance(0.5),
        waitsForQuestion: random.chance(0.5),
      },
    ];
  });
}

type Drawn = ActionPlan extends infer A
  ? A extends ActionPlan
    ? Omit<A, 'id' | 'afterMs'>
    : never
  : never;

function drawAction(
  random: RandomStream,
  doing: Doing,
  { index, request, count }: Circumstances & { readonly count: number },
): Drawn {
  switch (doing) {
    case 'pay':
      return {
        do: 'pay',
        amount: random.chance(0.9) ? request.amount : request.amount + 5,
        durationMs: random.integer(50, random.pick([2_000, 30_000])),
        succeeds: random.chance(0.75),
        ignoresClosing: random.chance(0.3),
        waitsForQuestion: false,
      };
    case 'poll':
      return { do: 'poll', times: random.integer(1, 12), everyMs: random.integer(500, 3_000) };
    case 'refund':
      return {
        do: 'refund',
        refundNo: `RF${index}-${random.chance(0.2) ? 0 : count}`,
        amount: random.chance(0.5) ? null : random.integer(1, request.amount),
        method: random.chance(0.2) ? 'void' : 'refund',
      };
    default:
      return { do: doing };
  }
}
