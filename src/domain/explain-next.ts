/** What happens next to an order, and when, in a sentence. Pure. */
import type { Order } from './order.js';
import { type NextStep, nextStep } from './schedule.js';

/** `nothing` when no step is due: only a new message changes the order. */
export const NEXT_STEP_ACTIONS = [
  'check',
  'close',
  'watch',
  'ask_on',
  'refund',
  'refund_late_money',
  'nothing',
] as const satisfies readonly (Exclude<NextStep['do'], 'finish'> | 'nothing')[];

export interface NextSentence {
  readonly action: (typeof NEXT_STEP_ACTIONS)[number];
  /** RFC 3339 UTC; in the past means now. */
  readonly at: string | null;
  readonly text: string;
}

const STEP_SENTENCES = {
  check:
    'The gateway is asked again. A callback that proves the payment settles the order at once.',
  close:
    'The order is being closed: the gateway is asked, told to close it, and asked again. A proven payment still makes it paid.',
  watch: 'The gateway is asked whether money has arrived after all.',
  ask_on: 'The gateway is asked on while a person decides; a definite answer settles the order.',
  refund: 'The gateway is asked what became of a refund.',
  refund_late_money: 'The money that arrived too late is refunded.',
} as const satisfies Record<Exclude<NextStep['do'], 'finish'>, string>;

export function nextSentence(order: Order): NextSentence {
  const step = nextStep(order);
  if (step.do === 'finish') return { action: 'nothing', at: null, text: restSentence(order) };
  return {
    action: step.do,
    at: new Date(step.atMs).toISOString(),
    text: STEP_SENTENCES[step.do],
  };
}

function restSentence({ status, lateWatch }: Order): string {
  switch (status) {
    case 'review':
      return 'Nothing happens by itself: an operator has to resolve the review.';
    case 'canceled':
      return `Nothing is planned: the watch for late money ended${lateWatch === null ? '' : ` at ${lateWatch.until}`}. A callback would still be heard.`;
    case 'refunded':
      return 'Nothing: everything that was paid was given back.';
    default:
      return 'Nothing, unless a refund is asked for.';
  }
}
