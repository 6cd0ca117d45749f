import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uniqueOrderNo } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';
import {
  callbackFields,
  type RunningApi,
  sendCallback,
  signedBody,
  startApi,
} from './api-environment.js';

const gateway = new ScriptedGateway();
let orders: OrderEnvironment;
let api: RunningApi;

beforeAll(async () => {
  orders = await devEnvironment(gateway);
  api = await startApi({ ...orders.stores, messenger: orders.messenger });
});

afterAll(async () => {
  await api.close();
  await orders.close();
});

describe('a callback that is refused', () => {
  const fields = () => callbackFields(uniqueOrderNo());
  const forged = () => {
    const { sign, ...rest } = JSON.parse(signedBody(fields())) as Record<string, unknown>;
    return JSON.stringify({ ...rest, order_amount: '0.01', sign });
  };

  it.each([
    ['has no signature', () => JSON.stringify(fields()), 401, 'signature_missing'],
    [
      'says that it needs none',
      () => signedBody({ ...fields(), sign_type: 'NONE' }),
      401,
      'signature_missing',
    ],
    ['was altered', forged, 401, 'signature_invalid'],
    ['is for another app', () => signedBody({ ...fields(), app_id: 'other' }), 401, 'app_unknown'],
    ['is no JSON', () => '{"a":', 400, 'malformed_body'],
    ['is empty', () => '', 400, 'malformed_body'],
    ['is a list', () => '[]', 400, 'malformed_body'],
  ])('when it %s, then it is told so and nothing is kept', async (_name, make, status, code) => {
    const body = make();
    const answer = await sendCallback(api, body);
    expect(answer.status).toBe(status);
    expect(answer.body.code).toBe(code);
    const callbackId = createHash('sha256').update(body).digest('hex');
    expect(await orders.stores.callbacks.find(callbackId)).toBeNull();
  });

  it('when it is another kind of text, then 415', async () => {
    const answer = await sendCallback(api, '<a/>', { 'Content-Type': 'text/xml' });
    expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
  });

  it('when it is compressed, then 415', async () => {
    const answer = await sendCallback(api, 'x', { 'Content-Encoding': 'gzip' });
    expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
  });

  it('when it is larger than 64 KB, then 413', async () => {
    const answer = await sendCallback(api, JSON.stringify({ a: 'x'.repeat(65_536) }));
    expect([answer.status, answer.body.code]).toEqual([413, 'payload_too_large']);
  });

  it('when many are refused, then each is counted and one a second is kept', async () => {
    const { callbacks } = orders.stores;
    const kept: string[] = [];
    let nowMs = Date.now();
    const flooded = await startApi(
      {
        ...orders.stores,
        messenger: orders.messenger,
        callbacks: {
          find: (id) => callbacks.find(id),
          insert: (entry) => callbacks.insert(entry),
          markDelivered: (id, at) => callbacks.markDelivered(id, at),
          markRedelivered: (id, actor, at) => callbacks.markRedelivered(id, actor, at),
          markProcessed: (ids, outcome, at) => callbacks.markProcessed(ids, outcome, at),
          sampleRejected: async (rejected) => {
            await callbacks.sampleRejected(rejected);
            kept.push(rejected.refusal);
          },
        },
      },
      { now: () => nowMs },
    );
    try {
      const flood = async () => {
        await Promise.all(
          Array.from({ length: 30 }, () => sendCallback(flooded, JSON.stringify(fields()))),
        );
        await flooded.background.settle(5_000);
      };
      await flood();
      expect(kept).toEqual(['signature_missing']);
      nowMs += 1_000;
      await flood();
      expect(kept).toHaveLength(2);
      const { values } = await flooded.metrics.callbacks.get();
      expect(values.filter(({ value }) => value > 0)).toMatchObject([
        { labels: { result: 'signature_missing' }, value: 60 },
      ]);
    } finally {
      await flooded.close();
    }
  });
});
