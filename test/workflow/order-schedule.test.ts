import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnswerWord, QueryAnswer } from '../../src/domain/evidence.js';
import type { NewOrder } from '../../src/domain/new-order.js';
import { answerOf, orderRequest } from '../support/order-builder.js';
import { type OrderEnvironment, timeSkippingEnvironment } from '../support/order-environment.js';
import { NO_ANSWER, REFUSED, ScriptedGateway } from '../support/scripted-gateway.js';

/**
 * The schedule at its true durations, on a server whose clock skips. Orders begin from a record, as after a restart:
 * one way into the workflow serves both.
 */
const gateway = new ScriptedGateway();
let environment: Awaited<ReturnType<typeof timeSkippingEnvironment>>;

beforeAll(async () => {
  environment = await timeSkippingEnvironment(gateway);
}, 60_000);

afterAll(async () => {
  await environment?.close();
});

const DAY_MS = 86_400_000;

async function seeded(request: NewOrder = orderRequest()) {
  const createdAtMs = await environment.skipping.currentTimeMs();
  const order = await environment.seed(request, createdAtMs, { gatewayCreation: 'created' });
  return { order, createdAtMs };
}

/** Answers one after another; the last one from then on. */
function sequence(request: NewOrder, words: readonly AnswerWord[]): (call: number) => QueryAnswer {
  return (call) => answerOf(request, words[Math.min(call, words.length) - 1] ?? 'unknown');
}

/** Seconds after creation at which the audit says that something happened. */
async function secondsOf(
  env: OrderEnvironment,
  request: NewOrder,
  createdAtMs: number,
  event: string,
): Promise<number[]> {
  const entries = await env.audit(request);
  return entries
    .filter((entry) => entry.event === event)
    .map((entry) => {
      const at = entry.changes.lastAnswer?.at ?? entry.at;
      return Math.round((Date.parse(at) - createdAtMs) / 1_000);
    });
}

/** Never early. Late by what the work itself takes: while something is done, the skipping clock runs as any other. */
function expectChecksAt(seconds: readonly number[], planned: readonly number[]): void {
  const lateBy = seconds.map((second, index) => second - (planned[index] ?? Number.NaN));
  expect(lateBy).toHaveLength(planned.length);
  expect(
    lateBy.every((late) => late >= 0 && late <= 2),
    seconds.join(', '),
  ).toBe(true);
}

describe('the progressive schedule', () => {
  it('when nobody pays, then seven checks fall at their times, and the order is closed with proof', async () => {
    const request = orderRequest();
    const { createdAtMs } = await seeded(request);
    let isCanceled = false;
    gateway.script(request.merchantOrderNo, {
      query: () => answerOf(request, isCanceled ? 'closed' : 'open'),
      cancel: () => {
        isCanceled = true;
        return { outcome: 'accepted', code: '0', detail: '' };
      },
    });
    await environment.runToEnd(request);

    const order = await environment.order(request);
    expect(order).toMatchObject({ status: 'canceled', checks: { done: 7, nextAt: null } });
    const seconds = await secondsOf(environment, request, createdAtMs, 'query.answered');
    // Seven checks, then the closing: one question before the cancel and one after it. The skipping clock may run past
    // the time in which a cancel must find its worker; it is then not sent, and the gateway is asked again first.
    expectChecksAt(seconds.slice(0, 7), [5, 35, 95, 275, 575, 1_175, 2_975]);
    const closedAt = (Date.parse(order.canceledAt ?? '') - createdAtMs) / 1_000;
    expect(seconds.slice(7, -4).every((second) => second >= 2_975 && second <= closedAt + 1)).toBe(
      true,
    );
    // Then the watch for late money.
    expect(seconds.slice(-4).map((second) => Math.round((second - closedAt) / 60))).toEqual([
      10, 60, 360, 1_440,
    ]);
    const operations = gateway.operations(request.merchantOrderNo);
    expect(operations.filter((operation) => operation === 'cancel:revoke')).toHaveLength(1);
    const canceledAt = operations.indexOf('cancel:revoke');
    expect(operations.slice(canceledAt - 1, canceledAt + 2)).toEqual([
      'query',
      'cancel:revoke',
      'query',
    ]);
  });

  it('when the callback is lost, then the order is paid by the next check and no other is made', async () => {
    const request = orderRequest();
    const { createdAtMs } = await seeded(request);
    gateway.script(request.merchantOrderNo, {
      query: sequence(request, ['open', 'paying', 'paid']),
    });
    await environment.runToEnd(request);
    expect(await environment.order(request)).toMatchObject({
      status: 'paid',
      decidedBy: { source: 'query' },
    });
    const seconds = await secondsOf(environment, request, createdAtMs, 'query.answered');
    expectChecksAt(seconds, [5, 35, 95]);
  });

  it('when it was paid just before the end, then the question before the cancel finds it', async () => {
    const request = orderRequest();
    await seeded(request);
    gateway.script(request.merchantOrderNo, {
      query: sequence(request, [...Array<AnswerWord>(7).fill('open'), 'paid']),
    });
    await environment.runToEnd(request);
    expect(await environment.order(request)).toMatchObject({ status: 'paid' });
    expect(gateway.operations(request.merchantOrderNo)).not.toContain('cancel:revoke');
  });

  it('when the gateway never answers, then nothing is canceled, and after a day a person is called', async () => {
    const request = orderRequest();
    await seeded(request);
    let isSettled = false;
    gateway.script(request.merchantOrderNo, {
      query: (call) => {
        if (call > 70) isSettled = true;
        return answerOf(request, isSettled ? 'closed' : 'unknown');
      },
    });
    await environment.runToEnd(request);
    const entries = await environment.audit(request);
    const review = entries.find((entry) => entry.event === 'order.review');
    expect(review).toMatchObject({ data: { to: 'review', reviewReason: 'unclosable' } });
    const began = entries.find((entry) => entry.event === 'order.canceling');
    const waitedMs = Date.parse(review?.at ?? '') - Date.parse(began?.at ?? '');
    expect(waitedMs).toBeGreaterThanOrEqual(DAY_MS);
    expect(waitedMs).toBeLessThan(DAY_MS + 1_800_000 + 60_000);
    expect(gateway.operations(request.merchantOrderNo)).not.toContain('cancel:revoke');
    // The gateway was asked on, and its first definite answer settled the order.
    expect(await environment.order(request)).toMatchObject({ status: 'canceled' });
  });

  it('when the gateway never heard of the order, then it is closed as never reached, past its expiry only', async () => {
    const request = orderRequest({ channel: 'pos' });
    const createdAtMs = await environment.skipping.currentTimeMs();
    await environment.seed(request, createdAtMs);
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'not_found') });
    await environment.runToEnd(request);
    const canceled = (await environment.audit(request)).find(
      (entry) => entry.event === 'order.canceled',
    );
    expect(canceled).toMatchObject({ data: { proof: 'never_reached_gateway' } });
    expect(gateway.operations(request.merchantOrderNo)).not.toContain('cancel:revoke');
  });

  it('when the payer is still paying at the end, then closing waits for the result', async () => {
    const request = orderRequest();
    await seeded(request);
    gateway.script(request.merchantOrderNo, {
      query: sequence(request, [
        ...Array<AnswerWord>(7).fill('open'),
        'paying',
        'paying',
        'paying',
        'paid',
      ]),
    });
    await environment.runToEnd(request);
    expect(await environment.order(request)).toMatchObject({ status: 'paid' });
    expect(gateway.operations(request.merchantOrderNo)).not.toContain('cancel:revoke');
  });
});

/** What was done after the seven checks; questions one after another are one step. */
function closingSteps(request: NewOrder): readonly string[] {
  const operations = gateway.operations(request.merchantOrderNo).slice(7);
  const end = operations.findLastIndex((operation) => operation.startsWith('cancel')) + 2;
  return operations
    .slice(0, end)
    .filter((operation, index, all) => operation !== 'query' || all[index - 1] !== 'query');
}

describe('closing at the end of the schedule', () => {
  const exhausted = (last: readonly AnswerWord[]): AnswerWord[] => [
    ...Array<AnswerWord>(7).fill('open'),
    ...last,
  ];

  it('when the cancel is refused, then the gateway is asked before every further attempt', async () => {
    const request = orderRequest();
    await seeded(request);
    gateway.script(request.merchantOrderNo, {
      query: sequence(request, exhausted(['open', 'open', 'open', 'closed'])),
      cancel: (call) => (call === 1 ? REFUSED : { outcome: 'accepted', code: '0', detail: '' }),
    });
    await environment.runToEnd(request);
    expect(await environment.order(request)).toMatchObject({ status: 'canceled' });
    expect(closingSteps(request)).toEqual([
      'query',
      'cancel:revoke',
      'query',
      'cancel:revoke',
      'query',
    ]);
  });

  it('when the outcome of the cancel is unknown and the order closed without a payment, then it is canceled', async () => {
    const request = orderRequest();
    await seeded(request);
    gateway.script(request.merchantOrderNo, {
      query: sequence(request, exhausted(['open', 'unknown', 'closed'])),
      cancel: () => NO_ANSWER,
    });
    await environment.runToEnd(request);
    expect(await environment.order(request)).toMatchObject({ status: 'canceled' });
    const cancels = gateway
      .operations(request.merchantOrderNo)
      .filter((operation) => operation === 'cancel:revoke');
    expect(cancels).toHaveLength(1);
  });

  it('when it was paid between the question and the revoke, then it is in review as refunded by the cancel', async () => {
    const request = orderRequest();
    await seeded(request);
    gateway.script(request.merchantOrderNo, {
      query: (call) =>
        call <= 8
          ? answerOf(request, 'open')
          : answerOf(request, 'closed', { hasPaymentTraces: true, paidAmount: 1_050 }),
    });
    await environment.runToEnd(request);
    expect(await environment.order(request)).toMatchObject({
      status: 'review',
      reviewReason: 'refunded_by_cancel',
    });
    expect(await environment.stores.anomalies.listOpen(100)).toContainEqual(
      expect.objectContaining({ kind: 'refunded_by_cancel', count: 1 }),
    );
  });

  it('when the order is on a terminal, then it is closed there, and revoked only if it is still open', async () => {
    const request = orderRequest({ channel: 'cloud' });
    await seeded(request);
    gateway.script(request.merchantOrderNo, {
      query: sequence(request, exhausted(['open', 'open', 'closed'])),
    });
    await environment.runToEnd(request);
    expect(closingSteps(request)).toEqual([
      'query',
      'cancel:close',
      'query',
      'cancel:revoke',
      'query',
    ]);
    expect(await environment.order(request)).toMatchObject({ status: 'canceled' });
  });

  it('when money arrives after closing, then the late watch finds it and a person decides', async () => {
    const request = orderRequest();
    await seeded(request);
    gateway.script(request.merchantOrderNo, {
      query: sequence(request, exhausted(['open', 'closed', 'closed', 'paid'])),
    });
    await environment.runToEnd(request);
    expect(await environment.order(request)).toMatchObject({
      status: 'review',
      reviewReason: 'late_payment',
      paidAmount: 1_050,
    });
  });
});
