/** What a person reads about an order's run in the Temporal Web UI. */
import {
  defineSearchAttributeKey,
  type SearchAttributePair,
  SearchAttributeType,
} from '@temporalio/common';
import type { AuditDraft } from '../domain/audit.js';
import { formatMajor } from '../domain/money.js';
import type { Order } from '../domain/order.js';
import { isFinal } from '../domain/order-state.js';
import { type NextStep, nextStep } from '../domain/schedule.js';
import type { TimelineItem } from './order-messages.js';

export const SEARCH_ATTRIBUTE_KEYS = {
  MerchantOrderNo: defineSearchAttributeKey('MerchantOrderNo', SearchAttributeType.KEYWORD),
  MerchantNo: defineSearchAttributeKey('MerchantNo', SearchAttributeType.KEYWORD),
  PaymentStatus: defineSearchAttributeKey('PaymentStatus', SearchAttributeType.KEYWORD),
  PaymentChannel: defineSearchAttributeKey('PaymentChannel', SearchAttributeType.KEYWORD),
  CheckCount: defineSearchAttributeKey('CheckCount', SearchAttributeType.INT),
} as const;

const STEP_WORDS = {
  close: 'next step of closing',
  ask_on: 'next question to the gateway',
  refund: 'next look at a refund',
  refund_late_money: 'refund of late money',
} as const;

const TIMELINE_SHOWN = 12;

/** The Web UI cuts summaries off after this many characters. */
const SUMMARY_CHARACTERS_MAX = 120;

/**
 * Shown beside every run, because the page's big button invites what it does not do.
 * Markdown.
 */
export const RUN_DETAILS = [
  'One run in the life of one order. It ends whenever nothing is due, and the next message starts another under the same id: the record in MongoDB goes on.',
  '**Canceling or terminating this run does not cancel the order**: the sweep starts it again. To cancel the order, use the console or `POST /v1/orders/<number>/cancel`.',
].join('\n\n');

/** Set with every change of status. */
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

/** Markdown: status, how we know, what comes next, and what happened, the latest first. */
export function currentDetails(order: Order, timeline: readonly TimelineItem[]): string {
  const reason = order.reviewReason === null ? '' : ` (${order.reviewReason})`;
  const lines = timeline
    .slice(-TIMELINE_SHOWN)
    .toReversed()
    .map((item) => `- ${readableTime(item.at)} · ${item.summary}`);
  return [
    `### ${order.status}${reason}`,
    staticSummary(order),
    ...howWeKnow(order),
    `**Next:** ${nextWords(order)}`,
    ...(lines.length === 0 ? [] : ['**What this run did, the latest first**', lines.join('\n')]),
  ].join('\n\n');
}

function howWeKnow({ decidedBy }: Order): readonly string[] {
  if (decidedBy === null) return [];
  const { source, at, auditSequence } = decidedBy;
  return [
    `**How we know:** decided by ${source} at ${readableTime(at)}, audit entry ${auditSequence}.`,
  ];
}

function nextWords(order: Order): string {
  const step = nextStep(order);
  if (step.do === 'finish') return 'nothing more is due.';
  const at = readableTime(new Date(step.atMs).toISOString());
  // A run that is still there although its order is over makes people wonder.
  const why = isFinal(order.status) ? ' The order is over; the run only goes on for this.' : '';
  return `${stepWords(order, step)} at ${at}.${why}`;
}

/** Label of the timer that a run waits on. */
export function timerSummary(order: Order): string {
  const step = nextStep(order);
  return step.do === 'finish' ? 'nothing due' : stepWords(order, step);
}

function stepWords(order: Order, step: Exclude<NextStep, { do: 'finish' }>): string {
  switch (step.do) {
    case 'check':
      return `check ${order.checks.done + 1} of ${checksTotal(order)}`;
    case 'watch':
      return `look ${(order.lateWatch?.done ?? 0) + 1} for late money`;
    default:
      return STEP_WORDS[step.do];
  }
}

function checksTotal({ checks }: Order): number {
  return checks.strategy === 'scheduled' ? checks.limit : checks.scheduleMs.length;
}

/** Their sentences end with a reason that somebody typed. */
const TYPED_EVENTS: ReadonlySet<string> = new Set(['refund.requested', 'review.resolved']);

/**
 * Label of a write to the record: the sentences of what it writes, without what somebody typed. Labels are never
 * encrypted.
 */
export function writeSummary(drafts: readonly AuditDraft[]): string {
  const text = drafts
    .map(({ event, summary }) =>
      TYPED_EVENTS.has(event) ? `${summary.split(': ', 1)[0]}.` : summary,
    )
    .join(' ');
  return text.length <= SUMMARY_CHARACTERS_MAX
    ? text
    : `${text.slice(0, SUMMARY_CHARACTERS_MAX - 1)}…`;
}

/** `2026-11-21 12:40:56.736 UTC`. */
function readableTime(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, -1)} UTC`;
}
