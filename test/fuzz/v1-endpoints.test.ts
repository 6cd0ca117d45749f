/** Every call of /v1, also below /console, from its schema and beyond it: no error of our own, and every error named. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderId } from '../../src/domain/order.js';
import { eventually } from '../support/eventually.js';
import { MERCHANT_NO } from '../support/order-builder.js';
import { expectKept } from './answer-promises.js';
import { consoleHeaders } from './console-session.js';
import { announceSeed, FUZZ_TIMEOUT_MS, fuzzOrderNo, statusesOfAll } from './fuzz-runs.js';
import { AS_MERCHANT, AS_OPERATOR, type FuzzStage, fuzzStage } from './fuzz-stage.js';
import { HOSTILE_TEXTS } from './hostile-text.js';
import { isForOperators, requestsOf, V1_OPERATIONS } from './operations.js';
import { exchange } from './raw-exchange.js';

let stage: FuzzStage;
let session: readonly (readonly [string, string])[];

beforeAll(async () => {
  announceSeed('v1 endpoints');
  stage = await fuzzStage();
  session = await consoleHeaders(stage.api);
});

afterAll(async () => await stage.close());

describe('every call', () => {
  it.concurrent.each(V1_OPERATIONS)(
    'when $method $path is sent anything, then the answer is in time, named, and none of our own errors',
    async (operation) => {
      const credential = isForOperators(operation) ? AS_OPERATOR : AS_MERCHANT;
      const requests = requestsOf(operation, stage.orderNos);
      const inputs = fc.tuple(requests, fc.boolean());
      const seen = await statusesOfAll(inputs, 10, async ([request, isOfConsole]) => {
        const { target, headers = [] } = request;
        const answer = await exchange(stage.api.url, {
          ...request,
          target: isOfConsole ? `/console${target}` : target,
          headers: [...(isOfConsole ? session : [credential]), ...headers],
        });
        expectKept(answer);
        return answer.status;
      });
      expect(seen.size).toBeGreaterThan(1);
    },
    FUZZ_TIMEOUT_MS,
  );
});

describe('texts of an order', () => {
  const create = async (fields: object) => {
    const merchantOrderNo = fuzzOrderNo();
    const order = { merchantOrderNo, channel: 'hosted', amount: 1_050, currency: 'USD', ...fields };
    const answer = await exchange(stage.api.url, {
      method: 'POST',
      target: '/v1/orders',
      headers: [AS_MERCHANT, ['Content-Type', 'application/json']],
      body: JSON.stringify(order),
    });
    expectKept(answer);
    return { merchantOrderNo, order, answer };
  };

  /** Taken and kept as it is, or refused by name: nothing in between. */
  const expectKeptWhole = async (fields: { readonly [name: string]: unknown }) => {
    const { merchantOrderNo, order, answer } = await create(fields);
    if (answer.status >= 400) return;
    const key = { merchantNo: MERCHANT_NO, merchantOrderNo };
    const recorded = await eventually('the order is in the record', async () => {
      return await stage.orders.stores.orders.find(orderId(MERCHANT_NO, merchantOrderNo));
    });
    for (const name of Object.keys(fields)) {
      expect(recorded.order[name as keyof typeof recorded.order]).toEqual(fields[name]);
    }
    await eventually('record and audit agree', async () => {
      expect(await stage.orders.fault(key)).toBeNull();
      return true;
    });
    const again = await exchange(stage.api.url, {
      method: 'POST',
      target: '/v1/orders',
      headers: [AS_MERCHANT, ['Content-Type', 'application/json']],
      body: JSON.stringify(order),
    });
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
  };

  it.concurrent.each(Object.keys(HOSTILE_TEXTS))(
    'when description and metadata are "%s", then they are refused, or kept to the letter with a whole audit',
    async (name) => {
      const text = HOSTILE_TEXTS[name] ?? '';
      await expectKeptWhole({
        metadata: { note: text },
        ...(/\p{Cc}|^$/u.test(text) ? {} : { description: text }),
      });
    },
  );

  it.concurrent.each([
    ...[
      '_bsontype',
      'toJSON',
      'then',
      'length',
      'toString',
      'valueOf',
      'hasOwnProperty',
      '0',
      '_id',
    ],
    ...['-1', '__defineGetter__', '__proto', 'prototype', 'constructor', 'inspect', 'id'],
  ])('when metadata has a key %s, then it is refused, or kept with a whole audit', async (key) => {
    await expectKeptWhole({ metadata: { [key]: 'ObjectId', other: 'x' } });
  });
});
