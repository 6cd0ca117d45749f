/**
 * Documents that are older than the code, newer, or damaged: whoever reads them says so by name, a paid order is never
 * shown as unpaid for it, and what is about other orders is still answered.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningApi } from '../api/api-environment.js';
import { type RecordStage, recordStage, seedOrder } from '../console/record-api.js';
import { uniqueOrderNo } from '../support/order-builder.js';
import { expectKept, expectLogKept } from './answer-promises.js';
import { consoleHeaders } from './console-session.js';
import { DAMAGES, withEachField } from './damages.js';
import { AS_OPERATOR, UNLIMITED } from './fuzz-stage.js';
import { exchange, type RawAnswer } from './raw-exchange.js';

const DAMAGED = uniqueOrderNo();
const SOUND = uniqueOrderNo();
const CALLBACK = 'c'.repeat(64);

const ORDER = { collection: 'orders', filter: { merchantOrderNo: DAMAGED } };
const AUDIT = { collection: 'audit', filter: { orderId: `M1001/${DAMAGED}` } };
const INBOX_ENTRY = { collection: 'callbacks', filter: { _id: CALLBACK } };
const ANOMALY = {
  ...{ collection: 'anomalies', filter: { _id: 'contradiction:M1001/X' } },
  alsoKey: 'orderId',
};

/** Answers of a payer's page that let it pay once more, or say that nothing was paid. */
const UNPAID_ACTIONS = ['pay_again', 'show_canceled'];

let stage: RecordStage;
let api: RunningApi;
/** The overview is read anew after a second. */
let nowMs = Date.now();
let session: readonly (readonly [string, string])[];

beforeAll(async () => {
  stage = await recordStage();
  // What cannot be opened is shown without its fields, as by the process.
  api = await stage.start({ rateLimits: UNLIMITED, readCallback: () => null, now: () => nowMs });
  session = await consoleHeaders(api);
  const { stores, connection } = stage.database;
  await seedOrder(stores, { merchantOrderNo: SOUND });
  const at = new Date().toISOString();
  await seedOrder(stores, {
    merchantOrderNo: DAMAGED,
    status: 'paid',
    paidAt: at,
    paidAmount: 1_050,
    refundCapAmount: 1_050,
  });
  await connection.collection('callbacks').insertOne({
    ...{ _id: CALLBACK, merchantNo: 'M1001', merchantOrderNo: DAMAGED, subject: 'order' },
    ...{ facts: null, terminalSn: null, sentAtMs: null, isStale: false, sealedBody: 'x' },
    ...{ contentType: 'application/json', receivedAt: at, lastReceivedAt: at, count: 1 },
    ...{ deliveredAt: null, processedAt: at, outcome: 'recorded' },
  } as never);
  await stores.anomalies.raise('M1001/X', 'transition', [
    { kind: 'contradiction', at, detail: 'x' },
  ]);
});

afterAll(async () => {
  await stage.close();
  expectLogKept(api.log());
});

const get = async (target: string): Promise<RawAnswer> =>
  await exchange(api.url, {
    method: 'GET',
    target,
    headers: target.startsWith('/console') ? session : [AS_OPERATOR],
  });

/** @returns the answer, which may be 503 by name */
async function readable(target: string, field: string): Promise<RawAnswer> {
  const answer = await get(target);
  const code = expectKept(answer);
  if (code !== null) expect([field, code]).toEqual([field, 'unavailable']);
  return answer;
}

describe.each(Object.keys(DAMAGES))('a field that is %s', (kind) => {
  const damage = DAMAGES[kind] ?? ((document) => document);

  it('when it is of a paid order, then each answer is right or says by name that there is none', async () => {
    await withEachField(stage.database, ORDER, damage, async (field) => {
      const order = `/v1/orders/${DAMAGED}`;
      const refunds = field === 'refunds' ? [`${order}/refunds`] : [];
      const targets = [`${order}/verify`, order, `${order}/explain`, ...refunds];
      const [verified] = await Promise.all(
        [...targets, '/v1/orders?limit=1'].map(async (target) => await readable(target, field)),
      );
      const { nextAction } = JSON.parse(verified?.body ?? '{}') as { readonly nextAction: string };
      expect(UNPAID_ACTIONS).not.toContain(nextAction);
      if (field !== 'status') expect(nextAction).toBe('show_success');
    });
    expect((await get(`/v1/orders/${SOUND}`)).status).toBe(200);
  });

  it('when it is of its audit, then the audit and the explanation are answered, or named', async () => {
    await withEachField(stage.database, AUDIT, damage, async (field) => {
      await readable(`/v1/orders/${DAMAGED}/audit`, field);
      await readable(`/v1/orders/${DAMAGED}/explain`, field);
    });
  });

  it('when it is of a callback, then it is shown without what cannot be read', async () => {
    await withEachField(stage.database, INBOX_ENTRY, damage, async (field) => {
      await readable(`/v1/callbacks/${CALLBACK}`, field);
    });
  });

  it('when it is of an anomaly, then the console and the list still show all of them', async () => {
    await withEachField(stage.database, ANOMALY, damage, async (field) => {
      nowMs += 2_000;
      const listed = await readable('/v1/anomalies?state=all', field);
      const overview = await readable('/console/overview', field);
      expect([field, listed.status, overview.status]).toEqual([field, 200, 200]);
      // What cannot be shown must not pass for a database that is away.
      expect(JSON.parse(overview.body)).toMatchObject({ parts: { mongodb: 'up' } });
    });
  });
});
