/** What a person reads about an order's run in the Temporal Web UI. */
import {
  defineSearchAttributeKey,
  type SearchAttributePair,
  SearchAttributeType,
} from '@temporalio/common';
import { formatMajor } from '../domain/money.js';
import type { Order } from '../domain/order.js';
import { nextStep } from '../domain/schedule.js';
import type { TimelineItem } from './order-messages.js';

export const SEARCH_ATTRIBUTE_KEYS = {
  MerchantOrderNo: defineSearchAttributeKey('MerchantOrderNo', SearchAttributeType.KEYWORD),
  MerchantNo: defineSearchAttributeKey('MerchantNo', SearchAttributeType.KEYWORD),
  PaymentStatus: defineSearchAttributeKey('PaymentStatus', SearchAttributeType.KEYWORD),
  PaymentChannel: defineSearchAttributeKey('PaymentChannel', SearchAttributeType.KEYWORD),
  CheckCount: defineSearchAttributeKey('CheckCount', SearchAttributeType.INT),
} as const;

const STEP_WORDS = {
  check: 'Next check',
  close: 'Next step of closing',
  watch: 'Next look for late money',
  ask_on: 'Next question to the gateway',
  refund: 'Next look at a refund',
  refund_late_money: 'Refund of late money',
} as const;

const TIMELINE_SHOWN = 12;

/** Set at the start and again with every change of status. */
export function searchAttributes(order: Order): SearchAttributePair[] {
  return [
    { key: SEARCH_ATTRIBUTE_KEYS.PaymentStatus, value: order.status },
    { key: SEARCH_ATTRIBUTE_KEYS.CheckCount, value: order.checks.done },
  ];
}

/** One line for lists: `USD 10.50 · hosted · A-1001`. */
export function staticSummary(
  order: Pick<Order, 'amount' | 'currency' | 'channel' | 'merchantOrderNo'>,
): string {
  return `${order.currency} ${formatMajor(order.amount, order.currency)} · ${order.channel} · ${order.merchantOrderNo}`;
}

/** Markdown: status, why, what comes next, and the latest events. */
export function currentDetails(order: Order, timeline: readonly TimelineItem[]): string {
  const step = nextStep(order);
  const next =
    step.do === 'finish'
      ? 'Nothing more is due.'
      : `${STEP_WORDS[step.do]}: ${new Date(step.atMs).toISOString()}`;
  const reason = order.reviewReason === null ? '' : ` (${order.reviewReason})`;
  const decided =
    order.decidedBy === null
      ? ''
      : `\n\nDecided by **${order.decidedBy.source}** at ${order.decidedBy.at} (audit entry ${order.decidedBy.auditSequence}).`;
  const lines = timeline.slice(-TIMELINE_SHOWN).map((item) => `- ${item.at} ${item.summary}`);
  return [
    `**${order.status}**${reason} · ${staticSummary(order)} · checks ${order.checks.done}${decided}`,
    next,
    lines.join('\n'),
  ].join('\n\n');
}

/** Label of the timer that a run waits on. */
export function timerSummary(order: Order): string {
  const step = nextStep(order);
  if (step.do === 'finish') return 'nothing due';
  if (step.do !== 'check') return STEP_WORDS[step.do].toLowerCase();
  const total =
    order.checks.strategy === 'scheduled' ? order.checks.limit : order.checks.scheduleMs.length;
  return `check ${order.checks.done + 1} of ${total}`;
}
