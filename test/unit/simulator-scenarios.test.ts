/** Each scenario as the merchant's side sees it: over the wire, and in the callbacks that come. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { QueryAnswer } from '../../src/domain/evidence.js';
import {
  MAGIC_AMOUNT_FIRST,
  MAGIC_SCENARIOS,
  SCENARIO_NAMES,
  type ScenarioName,
  type ScenarioParameters,
  scenarioOfAmount,
} from '../../src/gateway/simulator/simulator-scenarios.js';
import { newOrderNo } from '../contract/gateway-contract.js';
import { type SimulatorSubject, simulatorSubject } from '../contract/simulator-subject.js';
import { eventually } from '../support/eventually.js';

const SOON: ScenarioParameters = { payAfterMs: 30, callbackDelayMs: 30, holdMs: 5_000 };

let subject: SimulatorSubject;
beforeAll(async () => {
  subject = await simulatorSubject();
});
afterAll(async () => {
  await subject.close();
});
beforeEach(() => {
  subject.received.length = 0;
});

async function create(scenario: ScenarioName, parameters: ScenarioParameters = {}) {
  const order = subject.order(newOrderNo());
  subject.simulator.control.setScenario(order.merchantOrderNo, scenario, {
    ...SOON,
    ...parameters,
  });
  const creation = await subject.gateway.createOrder(order);
  const revoke = () => subject.gateway.cancelOrder({ ...order, method: 'revoke' });
  const query = () => subject.gateway.queryOrder(order);
  return { order, creation, revoke, query };
}

async function becomes(query: () => Promise<QueryAnswer>, answer: QueryAnswer['answer']) {
  return await eventually(`the answer is ${answer}`, async () => {
    const result = await query();
    return result.answer === answer ? result : null;
  });
}

async function callbacks(count: number) {
  await eventually(`${count} callbacks came`, () => subject.received.length >= count);
  return subject.received.map(({ verification }) =>
    verification.verified ? verification.callback : verification.refusal,
  );
}

const PAID = { facts: { state: 'paid', amount: 1050, transactionKind: 'sale' } };

describe('payments', () => {
  it('when a person is waited for, then the order stays open until one pays', async () => {
    const { order, query } = await create('waits');
    expect((await query()).answer).toBe('open');
    subject.simulator.control.pay(order.merchantOrderNo);
    expect(await query()).toMatchObject({ answer: 'paid', facts: { hasPaymentTraces: true } });
    expect(await callbacks(1)).toMatchObject([PAID]);
  });

  it('when paid after a time, then the query and the callback say so', async () => {
    const { query } = await create('paid_after');
    await becomes(query, 'paid');
    expect(await callbacks(1)).toMatchObject([PAID]);
  });

  it('when declined, then it is closed with a code and the callback says so', async () => {
    const { query } = await create('declined');
    expect(await becomes(query, 'closed')).toMatchObject({
      facts: { failureCode: '51', hasPaymentTraces: false },
    });
    expect(await callbacks(1)).toMatchObject([{ facts: { state: 'closed' } }]);
  });

  it('when declined and asked for again under its number, then the second try is paid', async () => {
    const { order, creation, query } = await create('declined_then_paid');
    await becomes(query, 'closed');
    const again = await subject.gateway.createOrder(order);
    expect(again).toMatchObject({ outcome: 'accepted', paymentUrl: creation.paymentUrl });
    await becomes(query, 'paid');
  });

  it('when paid with a tip or a discount, then what was ordered stays and the rest differs', async () => {
    const tip = await create('paid_with_tip');
    expect(await becomes(tip.query, 'paid')).toMatchObject({
      facts: { amount: 1050, transactionAmount: 1260, paidAmount: 1260, tipAmount: 210 },
    });
    const discount = await create('paid_with_discount');
    expect(await becomes(discount.query, 'paid')).toMatchObject({
      facts: { amount: 1050, transactionAmount: 1050, paidAmount: 945, discountAmount: 105 },
    });
  });

  it('when paid twice, then the second callback has a gateway number of its own', async () => {
    await create('paid_twice');
    const numbers = (await callbacks(2)).map((callback) =>
      typeof callback === 'string' ? callback : callback.facts?.gatewayTransNo,
    );
    expect(new Set(numbers).size).toBe(2);
  });

  it('when paying takes long, then it is being paid, neither cancel works, and then it is paid', async () => {
    const { order, query, revoke } = await create('paying_long', { payingMs: 600 });
    await becomes(query, 'paying');
    expect(await revoke()).toMatchObject({ outcome: 'refused', code: 'ORDER_PAYING' });
    const close = { ...order, method: 'close', terminalSn: 'T' } as const;
    expect(await subject.gateway.cancelOrder(close)).toMatchObject({ outcome: 'refused' });
    await becomes(query, 'paid');
  });

  it('when the time to pay is over, then the order is closed without traces', async () => {
    const order = subject.order(newOrderNo(), { expiresInSeconds: 1 });
    await subject.gateway.createOrder(order);
    const closed = await becomes(() => subject.gateway.queryOrder(order), 'closed');
    expect(closed).toMatchObject({ facts: { hasPaymentTraces: false, failureCode: null } });
  });
});

describe('callbacks', () => {
  it.each(['callback_lost', 'query_500'] as const)(
    'when the scenario is %s, then it is paid and no callback comes',
    async (scenario) => {
      const { order, query } = await create(scenario, { times: 0 });
      await becomes(query, 'paid');
      expect(subject.simulator.control.order(order.merchantOrderNo).callbacks).toEqual([]);
    },
  );

  it('when late, then it comes after its delay', async () => {
    const { order, query } = await create('callback_late', { callbackDelayMs: 300 });
    await becomes(query, 'paid');
    await callbacks(1);
    const waitedMs = await eventually('the attempt is noted', () => {
      const [job] = subject.simulator.control.order(order.merchantOrderNo).callbacks;
      const sentMs = job?.attempts[0]?.atMs;
      return job === undefined || sentMs === undefined ? null : sentMs - job.createdAtMs;
    });
    expect(waitedMs).toBeGreaterThanOrEqual(295);
  });

  it('when twice, then the very same bytes come again', async () => {
    await create('callback_twice');
    await callbacks(2);
    expect(subject.received[0]?.body).toBe(subject.received[1]?.body);
  });

  it('when out of order, then an older message says paying after one said paid', async () => {
    await create('callback_out_of_order');
    const [first, second] = await callbacks(2);
    expect(first).toMatchObject(PAID);
    expect(second).toMatchObject({ facts: { state: 'paying' }, isStale: false });
  });

  it('when old, then it is genuine and stale', async () => {
    await create('callback_old');
    expect(await callbacks(1)).toMatchObject([{ ...PAID, isStale: true }]);
  });

  it('when the amount is wrong, then the signature is right and the query tells the true amount', async () => {
    const { query } = await create('callback_wrong_amount');
    expect(await callbacks(1)).toMatchObject([{ facts: { state: 'paid', amount: 1051 } }]);
    expect(await query()).toMatchObject(PAID);
  });

  it('when a refund follows, then its callback is about a refund under another number', async () => {
    const { order } = await create('callback_then_refund');
    const [, refund] = await callbacks(2);
    expect(refund).toMatchObject({ subject: 'refund', facts: { transactionKind: 'refund' } });
    expect(refund).not.toMatchObject({ merchantOrderNo: order.merchantOrderNo });
  });

  it.each([
    ['callback_forged', 'signature_invalid'],
    ['callback_unsigned', 'signature_missing'],
  ] as const)(
    'when the scenario is %s, then the merchant finds %s and nobody paid',
    async (scenario, refusal) => {
      const { query } = await create(scenario);
      expect(await callbacks(1)).toEqual([refusal]);
      expect((await query()).answer).toBe('open');
    },
  );

  it('when callbacks are forms, then forged and genuine ones are told apart as well', async () => {
    subject.simulator.control.setPolicies({ callbackFormat: 'form' });
    const { order } = await create('callback_forged');
    expect(await callbacks(1)).toEqual(['signature_invalid']);
    subject.simulator.control.pay(order.merchantOrderNo);
    expect((await callbacks(2))[1]).toMatchObject(PAID);
    subject.simulator.control.setPolicies({ callbackFormat: 'json' });
  });
});

describe('queries', () => {
  it.each([
    ['query_timeout', 'timeout'],
    ['query_500', 'http_status'],
    ['query_garbage', 'not_understood'],
    ['query_unsigned', 'unsigned'],
    ['query_wrong_signature', 'wrong_signature'],
    ['query_error_code', 'gateway_code'],
    ['query_other_order', 'other_order'],
  ] as const)(
    'when the scenario is %s, then the first answer is unknown: %s, and a later one is true',
    async (scenario, cause) => {
      const { query } = await create(scenario, { times: 1 });
      expect(await query()).toMatchObject({ answer: 'unknown', cause });
      await becomes(query, 'paid');
    },
  );

  it('when an order is said not to be there, then a later answer is true', async () => {
    const { query } = await create('query_not_found', { times: 1 });
    expect((await query()).answer).toBe('not_found');
    await becomes(query, 'paid');
  });
});

describe('creation', () => {
  it('when it is not answered but happened, then the order is there', async () => {
    const { order, creation, query } = await create('create_timeout_but_created');
    expect(creation).toMatchObject({ outcome: 'unknown', paymentUrl: null });
    expect((await query()).answer).toBe('open');
    expect(await subject.gateway.createOrder(order)).toMatchObject({ outcome: 'accepted' });
  });

  it.each([
    ['create_timeout_not_created', 'unknown'],
    ['create_refused', 'refused'],
  ] as const)(
    'when the scenario is %s, then it is %s, nothing is there, and a second call creates it',
    async (scenario, outcome) => {
      const { order, creation, query } = await create(scenario);
      expect(creation.outcome).toBe(outcome);
      expect((await query()).answer).toBe('not_found');
      expect(await subject.gateway.createOrder(order)).toMatchObject({ outcome: 'accepted' });
    },
  );
});

describe('cancels', () => {
  it('when paid just before the revoke, then the revoke refunded it: closed with traces', async () => {
    const { revoke, query } = await create('paid_just_before_cancel');
    expect((await revoke()).outcome).toBe('accepted');
    expect(await query()).toMatchObject({ answer: 'closed', facts: { hasPaymentTraces: true } });
    expect(await callbacks(1)).toMatchObject([PAID]);
  });

  it('when paid just before a close, then the close is refused and it stays paid', async () => {
    const { order, query } = await create('paid_just_before_cancel');
    const close = { ...order, method: 'close', terminalSn: 'T' } as const;
    expect(await subject.gateway.cancelOrder(close)).toMatchObject({ code: 'ORDER_PAID' });
    expect((await query()).answer).toBe('paid');
  });

  it('when money comes after the cancel, then a closed order turns paid', async () => {
    const { revoke, query } = await create('paid_after_cancel', { payAfterMs: 300 });
    expect((await revoke()).outcome).toBe('accepted');
    expect((await query()).answer).toBe('closed');
    await becomes(query, 'paid');
    expect(await callbacks(1)).toMatchObject([PAID]);
  });

  it('when it is not answered but happened, then the order is closed', async () => {
    const { revoke, query } = await create('cancel_timeout_but_closed');
    expect((await revoke()).outcome).toBe('unknown');
    expect((await query()).answer).toBe('closed');
  });

  it('when it is refused, then the order stays open until it is not refused any more', async () => {
    const { revoke, query } = await create('cancel_refused', { times: 1 });
    expect((await revoke()).outcome).toBe('refused');
    expect((await query()).answer).toBe('open');
    expect((await revoke()).outcome).toBe('accepted');
    expect((await query()).answer).toBe('closed');
  });
});

describe('choosing a scenario', () => {
  it('when an amount ends in a magic number, then it chooses, whatever stands before it', async () => {
    const lost = MAGIC_AMOUNT_FIRST + MAGIC_SCENARIOS.indexOf('callback_lost');
    for (const amount of [lost, 10_000 + lost]) {
      const order = subject.order(newOrderNo(), { amount });
      await subject.gateway.createOrder(order);
      const { control } = subject.simulator;
      expect(control.order(order.merchantOrderNo).scenario).toBe('callback_lost');
    }
    expect(scenarioOfAmount(MAGIC_AMOUNT_FIRST - 1)).toBe('waits');
    expect(scenarioOfAmount(MAGIC_AMOUNT_FIRST + MAGIC_SCENARIOS.length)).toBe('waits');
  });

  it('when the documentation is read, then its magic amounts are these, in this order', () => {
    const text = readFileSync(new URL('../../docs/simulator.md', import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\| `(\d+)` \| (\d+\.\d+) \| `(\w+)` \|/gm)];
    expect(rows.map(([, amount, major, name]) => [Number(amount), major, name])).toEqual(
      MAGIC_SCENARIOS.map((name, index) => {
        const amount = MAGIC_AMOUNT_FIRST + index;
        return [amount, (amount / 100).toFixed(2), name];
      }),
    );
  });

  it('when scenarios are counted, then each but waiting has one magic amount', () => {
    expect([...MAGIC_SCENARIOS, 'waits'].sort()).toEqual([...SCENARIO_NAMES].sort());
  });
});
