import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnswerWord } from '../../src/domain/evidence.js';
import type { NewOrder } from '../../src/domain/new-order.js';
import { applyChanges, type Order, type OrderStatus } from '../../src/domain/order.js';
import { canTransition, isPaid } from '../../src/domain/order-state.js';
import { findChainFault } from '../../src/store/audit-chain.js';
import { eventually } from '../support/eventually.js';
import {
  aCallback,
  answerOf,
  factsOf,
  orderRequest,
  uniqueOrderNo,
} from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ACCEPTED, NO_ANSWER, REFUSED, ScriptedGateway } from '../support/scripted-gateway.js';

/**
 * Random messages at the same instant, on the real workflow: callbacks with cancels, refunds, checks, pages and sweeps,
 * against a gateway that says anything. Whatever happens, the promises hold. A failing run prints its seed.
 */
const gateway = new ScriptedGateway();
let environment: OrderEnvironment;
const DEADLINE_MS = 20_000;
const RUNS = 25;

beforeAll(async () => {
  environment = await devEnvironment(gateway);
}, 60_000);
afterAll(async () => {
  await environment?.close();
});

const MESSAGES = [
  'paid_callback',
  'same_paid_callback',
  'paying_callback',
  'wrong_amount_callback',
  'cancel',
  'verify',
  'pay_again',
  'refund',
  'sweep',
  'scheduled_task',
  'drift',
] as const;
type Message = (typeof MESSAGES)[number];

async function send(order: NewOrder, message: Message, callbackId: string): Promise<void> {
  const { messenger } = environment;
  const callback = async (overrides: object, id: string = uniqueOrderNo()) =>
    await messenger.callbackReceived(
      order,
      aCallback(factsOf(order, overrides), { callbackId: id }),
      DEADLINE_MS,
    );
  switch (message) {
    case 'paid_callback':
      return await callback({});
    case 'same_paid_callback':
      return await callback({}, callbackId);
    case 'paying_callback':
      return await callback({ state: 'paying' });
    case 'wrong_amount_callback':
      return await callback({ amount: 1 });
    case 'cancel':
      return await messenger.cancel(order, { requestedBy: 'merchant', actor: 'shop' }, DEADLINE_MS);
    case 'verify':
      return void (await messenger.verifyNow(order, Math.floor(Date.now() / 2_000), DEADLINE_MS));
    case 'pay_again':
      return void (await messenger.payAgain(order, { actor: 'payer' }, DEADLINE_MS));
    case 'refund': {
      const request = {
        refundNo: uniqueOrderNo(),
        amount: null,
        reason: 'r',
        method: 'refund',
        requestedBy: 'shop',
        contentHash: 'c',
      } as const;
      return void (await messenger.refund(order, request, DEADLINE_MS));
    }
    default:
      return await messenger.checkDue(order, { requestedBy: message, actor: 'test' }, DEADLINE_MS);
  }
}

function expectPromises(order: Order, entries: Awaited<ReturnType<OrderEnvironment['audit']>>) {
  const id = `${order.merchantNo}/${order.merchantOrderNo}`;
  expect(findChainFault(id, entries)).toBeNull();
  const [first, ...rest] = entries;
  let folded = first?.changes as Order;
  const statuses: OrderStatus[] = [folded.status];
  for (const entry of rest) {
    folded = applyChanges(folded, entry.changes, entry.at);
    if (folded.status !== statuses.at(-1)) statuses.push(folded.status);
  }
  // The record is the fold of its audit.
  expect(order).toEqual(folded);
  for (const [index, to] of statuses.slice(1).entries()) {
    const from = statuses[index] ?? 'pending';
    expect(canTransition(from, to)).toBe(true);
    // Once paid, never called unpaid again.
    if (isPaid(from)) expect(['partially_refunded', 'refunded']).toContain(to);
  }
  // Each callback is in the audit once.
  const callbackIds = entries.flatMap((entry) => entry.data.callbackId ?? []);
  expect(new Set(callbackIds).size).toBe(callbackIds.length);
  // Paid by a callback or a query that said so; canceled by an answer.
  const decided = entries.filter((entry) => entry.event === 'order.paid');
  expect(decided.length).toBeLessThanOrEqual(1);
  const reserved = order.refunds
    .filter(({ status }) => status !== 'failed')
    .reduce((sum, { amount }) => sum + amount, 0);
  expect(reserved).toBeLessThanOrEqual(Math.max(order.paidAmount, 0));
}

function expectNoCancelWithoutOpen(entries: Awaited<ReturnType<OrderEnvironment['audit']>>) {
  for (const [index, entry] of entries.entries()) {
    if (entry.event !== 'cancel.sending') continue;
    const asked = entries.slice(0, index).findLast(({ event }) => event === 'query.answered');
    expect(asked?.data.answer).toBe('open');
  }
}

describe('messages at the same instant', () => {
  it('when anything meets anything, then the promises hold', async () => {
    const answers = fc.array(
      fc.constantFrom<AnswerWord>('open', 'paying', 'closed', 'paid', 'unknown', 'not_found'),
      { minLength: 1, maxLength: 6 },
    );
    const cancels = fc.array(fc.constantFrom(ACCEPTED, REFUSED, NO_ANSWER), {
      minLength: 1,
      maxLength: 2,
    });
    const waves = fc.array(fc.array(fc.constantFrom(...MESSAGES), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 3,
    });
    const property = fc.asyncProperty(
      answers,
      cancels,
      waves,
      async (words, outcomes, messages) => {
        const order = orderRequest({
          policy: { closeGiveUpMs: 3_000, latePaymentWatchMs: 60_000, latePaymentPolicy: 'review' },
        });
        gateway.script(order.merchantOrderNo, {
          query: (call) => answerOf(order, words[(call - 1) % words.length] ?? 'open'),
          cancel: (call) => outcomes[(call - 1) % outcomes.length] ?? ACCEPTED,
        });
        await environment.messenger.createOrder(order, DEADLINE_MS);
        const callbackId = uniqueOrderNo();
        for (const wave of messages) {
          await Promise.all(wave.map((message) => send(order, message, callbackId)));
        }
        await environment.messenger.verifyNow(order, 0, DEADLINE_MS);
        const { entries, record } = await settled(order);
        expectPromises(record, entries);
        expectNoCancelWithoutOpen(entries);
        await eventually('order and audit agree', async () => {
          const fault = await environment.fault(order);
          if (fault !== null) throw new Error(JSON.stringify(fault));
          return true;
        });
      },
    );
    await fc.assert(property, { numRuns: RUNS });
  }, 180_000);
});

/** Order and audit are two reads: taken when they agree on the version. */
async function settled(order: NewOrder) {
  return await eventually('order and audit are read at one version', async () => {
    const record = await environment.order(order);
    const entries = await environment.audit(order);
    const again = await environment.order(order);
    return record.updatedAt === again.updatedAt &&
      JSON.stringify(record) === JSON.stringify(again) &&
      entries.at(-1)?.at === record.updatedAt
      ? { record, entries }
      : null;
  });
}
