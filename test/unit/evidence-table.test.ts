import { expect, it } from 'vitest';
import { applyDrafts } from '../../src/domain/audit.js';
import { decideClosing } from '../../src/domain/closing.js';
import { type Decision, decide } from '../../src/domain/decide.js';
import type { Evidence, QueryEvidence } from '../../src/domain/evidence.js';
import type { Order, OrderClosing } from '../../src/domain/order.js';
import { ORDER_STATUSES } from '../../src/domain/order.js';
import { TRANSITIONS } from '../../src/domain/order-state.js';
import {
  aCallback,
  anOrder,
  answerOf,
  aQuery,
  CREATED_MS,
  factsOf,
} from '../support/order-builder.js';

/**
 * docs/states.md is written by this test out of the code: `npx vitest run --project unit evidence-table -u` renews it, and
 * without that the page must be what the code does.
 */
const NOW_MS = CREATED_MS + 3_000_000;

const closing: OrderClosing = {
  startedAt: '2026-01-01T00:49:35.000Z',
  requestedBy: 'schedule',
  cancelsSent: 0,
  possibleRevokes: 0,
  isPaymentSeen: false,
  rounds: 0,
  nextAt: '2026-01-01T00:49:35.000Z',
};
const paidFields = {
  paidAmount: 1_050,
  refundCapAmount: 1_050,
  paidAt: '2026-01-01T00:00:03.000Z',
};

const ORDERS: Readonly<Record<string, Order>> = {
  pending: anOrder(),
  canceling: anOrder({ status: 'canceling', closing }),
  'canceling, revoke sent': anOrder({
    status: 'canceling',
    closing: { ...closing, cancelsSent: 1, possibleRevokes: 1 },
  }),
  canceled: anOrder({ status: 'canceled', closing }),
  paid: anOrder({ status: 'paid', ...paidFields }),
  'review, unclosable': anOrder({ status: 'review', reviewReason: 'unclosable', closing }),
  'review, else': anOrder({ status: 'review', reviewReason: 'amount_mismatch' }),
};

const EVIDENCE: Readonly<Record<string, (order: Order) => Evidence>> = {
  'callback: paid, all ours': (order) => aCallback(factsOf(order)),
  'callback: paid, another amount': (order) => aCallback(factsOf(order, { amount: 1 })),
  'callback: paid, another payment': (order) =>
    aCallback(factsOf(order, { gatewayTransNo: 'G-2' })),
  'callback: paid, but old': (order) => aCallback(factsOf(order), { isStale: true }),
  'callback: paying': (order) => aCallback(factsOf(order, { state: 'paying' })),
  'callback: not understood': () => aCallback(null),
  'query: paid, all ours': (order) => query(order, 'paid'),
  'query: paid, another amount': (order) => aQuery(answerOf(order, 'paid', { amount: 1 }), CLOSING),
  'query: closed': (order) => query(order, 'closed'),
  'query: closed, traces of a payment': (order) =>
    aQuery(answerOf(order, 'closed', { hasPaymentTraces: true }), CLOSING),
  'query: closed, a paid amount': (order) =>
    aQuery(answerOf(order, 'closed', { hasPaymentTraces: true, paidAmount: 1_050 }), CLOSING),
  'query: open': (order) => query(order, 'open'),
  'query: paying': (order) => query(order, 'paying'),
  'query: not found': (order) => query(order, 'not_found'),
  'query: unknown': (order) => query(order, 'unknown'),
};

const CLOSING = { reason: 'closing' } as const;

function query(
  order: Order,
  answer: 'paid' | 'closed' | 'open' | 'paying' | 'not_found' | 'unknown',
) {
  return aQuery(answerOf(order, answer), CLOSING);
}

const MOVES = {
  cancel: 'sends one cancel, asks again',
  close_unreached: 'closes as never reached',
  wait: 'waits, asks again',
  give_up: 'review',
} as const;

function cell(order: Order, evidence: Evidence): string {
  const known = {
    ...order,
    gatewayTransNo: order.status === 'paid' ? `G-${order.merchantOrderNo}` : null,
  };
  const context = { sequence: 2, nowMs: NOW_MS };
  if (order.status !== 'canceling' || evidence.source === 'callback') {
    return words(known, decide(known, evidence, context), null);
  }
  const options = { ...context, isAfterCancel: false };
  const { decision, move } = decideClosing(known, evidence as QueryEvidence, options);
  return words(known, decision, move === null ? null : MOVES[move.do]);
}

function words(order: Order, decision: Decision, move: string | null): string {
  const after = applyDrafts(order, decision.drafts);
  const parts: string[] = [];
  if (after.status !== order.status) {
    const isReasoned = after.reviewReason !== null && after.reviewReason !== order.reviewReason;
    parts.push(`**${after.status}**${isReasoned ? ` (${after.reviewReason})` : ''}`);
  } else if (move !== null) parts.push(move);
  if (decision.wakesQuery) parts.push('asks the gateway');
  const alarms = decision.anomalies.filter(({ kind }) => kind !== after.reviewReason);
  parts.push(...alarms.map(({ kind }) => `anomaly ${kind}`));
  return parts.length === 0 ? 'kept' : parts.join('; ');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

it('when the page of states is compared with the code, then every status, transition and evidence is what the code does', async () => {
  const columns = Object.keys(ORDERS);
  const page = [
    '# States, transitions and evidence',
    '',
    'Written out of the code by `test/unit/evidence-table.test.ts`, which fails when it differs. [architecture.md](architecture.md) says why.',
    '',
    '## Transitions',
    '',
    row(['from', 'to']),
    row(['---', '---']),
    ...ORDER_STATUSES.map((from) =>
      row([`\`${from}\``, TRANSITIONS[from].map((to) => `\`${to}\``).join(', ')]),
    ),
    '',
    '## What each evidence does',
    '',
    'Bold is the new status. *kept*: written into the audit, nothing changes. Late money is shown with the policy `review`.',
    '',
    row(['evidence', ...columns]),
    row(['---', ...columns.map(() => '---')]),
    ...Object.entries(EVIDENCE).map(([name, evidenceOf]) =>
      row([
        name,
        ...columns.map((column) => {
          const order = ORDERS[column] as Order;
          return cell(order, evidenceOf(order));
        }),
      ]),
    ),
    '',
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../../docs/states.md');
});
