import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { AuditDraft } from '../../src/domain/audit.js';
import { createdEntry } from '../../src/domain/new-order.js';
import type { Order, OrderChanges } from '../../src/domain/order.js';
import { createLogger } from '../../src/logger.js';
import { createMetrics, type Metrics } from '../../src/metrics.js';
import { logDecisions, logGatewayCalls } from '../../src/worker-log.js';
import { observeTransitions } from '../../src/worker-observers.js';
import { anOrder, CREATED_MS } from '../support/order-builder.js';

const PAID_AT = new Date(CREATED_MS + 30_000).toISOString();

function entry(changes: OrderChanges, overrides: Partial<AuditDraft> = {}): AuditDraft {
  return {
    ...{ kind: 'decision', event: 'order.changed', at: PAID_AT, summary: '', data: {}, changes },
    ...overrides,
  };
}

const paid = (source: 'callback' | 'query' | 'operator') =>
  entry(
    { status: 'paid', decidedBy: { source, at: PAID_AT, auditSequence: 2 } },
    { event: 'order.paid' },
  );
const asked = (reason: string) =>
  entry({}, { kind: 'query', event: 'query.answered', data: { reason } });

function transition(before: Order | null, drafts: readonly AuditDraft[]) {
  return {
    ...{ orderId: 'M1001/A', transitionId: 't', anomalies: [], healedAnomalies: [], drafts },
    before: before === null ? null : { order: before, sequence: 1, hash: '' },
    processedCallbackIds: [],
  } as unknown as Parameters<ReturnType<typeof observeTransitions>>[0];
}

async function samples({ registry }: Metrics, name: string): Promise<readonly string[]> {
  const text = await registry.getSingleMetricAsString(name);
  return text.split('\n').filter((line) => line.startsWith(name));
}

describe('the metrics of orders', () => {
  it.each([
    ['callback', [paid('callback')], 'callback'],
    ['a check', [asked('schedule'), paid('query')], 'poll'],
    ['the page of the payer', [asked('verify'), paid('query')], 'verify'],
    ['an operator', [paid('operator')], 'operator'],
  ])(
    'when %s brings the proof, then the time to truth is told under its name',
    async (_how, drafts, source) => {
      const metrics = createMetrics();
      observeTransitions(metrics)(transition(anOrder(), drafts));
      const name = 'payments_order_confirmation_seconds';
      expect(await samples(metrics, name)).toEqual(
        expect.arrayContaining([
          `${name}_sum{channel="${anOrder().channel}",source="${source}"} 30`,
          `${name}_count{channel="${anOrder().channel}",source="${source}"} 1`,
        ]),
      );
    },
  );

  it('when an order becomes final, then its checks are counted, and not again by what follows', async () => {
    const metrics = createMetrics();
    const observe = observeTransitions(metrics);
    const { checks } = anOrder();
    const before = anOrder({ checks: { ...checks, done: 3 } });
    observe(transition(before, [paid('query')]));
    observe(transition({ ...before, status: 'paid' }, [entry({ status: 'refunded' })]));
    expect(await samples(metrics, 'payments_poll_attempts')).toEqual(
      expect.arrayContaining(['payments_poll_attempts_sum 3', 'payments_poll_attempts_count 1']),
    );
  });

  it('when an order is new and not final, then nothing has ended', async () => {
    const metrics = createMetrics();
    observeTransitions(metrics)(transition(null, [createdEntry(anOrder())]));
    expect(await samples(metrics, 'payments_poll_attempts')).toContain(
      'payments_poll_attempts_count 0',
    );
    expect(await samples(metrics, 'payments_orders_total')).toEqual([
      `payments_orders_total{channel="${anOrder().channel}",status="pending"} 1`,
    ]);
  });

  it.each(['review', 'accept', 'refund'] as const)(
    'when money arrives for a closed order and the policy is %s, then it is counted as late',
    async (resolution) => {
      const metrics = createMetrics();
      const lateMoney = { gatewayTransNo: 'G1', resolution, at: PAID_AT };
      observeTransitions(metrics)(
        transition(anOrder({ status: 'canceled' }), [entry({ lateMoney })]),
      );
      expect(await samples(metrics, 'payments_late_paid_total')).toEqual([
        'payments_late_paid_total 1',
      ]);
    },
  );

  it('when a process starts, then what alerts look for is there as 0', async () => {
    const metrics = createMetrics();
    expect(await samples(metrics, 'payments_callbacks_total')).toContain(
      'payments_callbacks_total{result="signature_invalid"} 0',
    );
    expect(await samples(metrics, 'payments_late_paid_total')).toEqual([
      'payments_late_paid_total 0',
    ]);
    expect(await samples(metrics, 'payments_cancels_total')).toHaveLength(3);
  });
});

describe('the lines of the worker', () => {
  function lines(write: (logger: ReturnType<typeof createLogger>) => void) {
    const stream = new PassThrough();
    write(createLogger({ level: 'debug', name: 'worker', traceId: () => 'trace-1' }, stream));
    const text = String(stream.read() ?? '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as object);
  }
  const details = {
    ...{ merchantOrderNo: 'A-1', refundNo: null, question: null, cause: null, code: null },
    psn: 'P-1',
  };

  it('when the gateway was called, then one line tells of it and what is not known is left out', () => {
    const [line, ...others] = lines((logger) =>
      logGatewayCalls(logger)('create', 'accepted', 40, details),
    );
    expect(others).toEqual([]);
    expect(line).toEqual({
      ...{
        level: 'info',
        name: 'worker',
        event: 'gateway.called',
        msg: 'gateway create: accepted',
      },
      ...{ operation: 'create', outcome: 'accepted', durationMs: 40, psn: 'P-1' },
      ...{ merchantOrderNo: 'A-1', traceId: 'trace-1', time: expect.any(String) },
    });
  });

  it.each([
    ['verify', 'open', 'debug'],
    ['schedule', 'open', 'info'],
    ['verify', 'unknown', 'warn'],
  ] as const)('when a query of %s is answered %s, then on level %s', (question, answer, level) => {
    const written = lines((logger) =>
      logGatewayCalls(logger)('query', answer, 40, { ...details, question }),
    );
    expect(written).toMatchObject([{ level, outcome: answer, question }]);
  });

  it('when a transition is recorded, then its decisions are told and its evidence is not', () => {
    const drafts = [asked('schedule'), paid('query')];
    const order = anOrder();
    const written = lines((logger) => logDecisions(logger)(transition(order, drafts)));
    expect(written).toMatchObject([
      {
        ...{ event: 'order.paid', status: 'paid', source: 'query', transitionId: 't' },
        merchantOrderNo: order.merchantOrderNo,
      },
    ]);
  });
});
