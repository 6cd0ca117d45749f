/** The demo shop's calls and pages take anything: an answer in time, named, small, and the customer's orders as they were. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShopOrder } from '../../src/shop/shop-contract.js';
import { cart, type RunningShop, startShop } from '../shop/shop-environment.js';
import { expectKept, expectLogKept } from './answer-promises.js';
import { announceSeed, FUZZ_TIMEOUT_MS, holdsForAll, statusesOfAll } from './fuzz-runs.js';
import { headers } from './hostile-headers.js';
import { HOSTILE_DOCUMENTS } from './hostile-json.js';
import { hostileAddressPart, MARK } from './hostile-text.js';
import { exchange, type RawAnswer, type RawRequest } from './raw-exchange.js';
import { CUSTOMER, SHOP_CALLS, shopRequestsOf } from './shop-calls.js';

const BODY_BYTES_MAX = 65_536;
const OF_THE_PAGE = [CUSTOMER, ['Sec-Fetch-Site', 'same-origin']] as const;
const JSON_TYPE = ['Content-Type', 'application/json'] as const;

let shop: RunningShop;
let placed: readonly ShopOrder[];

beforeAll(async () => {
  announceSeed('demo shop');
  shop = await startShop();
  placed = await Promise.all(
    (['hosted', 'cloud', 'pos'] as const).map(async (way) => {
      const { status, body } = await post(JSON.stringify({ ...cart(), way }));
      expect(status, body).toBe(200);
      return JSON.parse(body) as ShopOrder;
    }),
  );
});

afterAll(async () => {
  const log = shop.api.log();
  await shop.close();
  expectLogKept(log);
});

async function post(
  body: string | Buffer,
  more: readonly (readonly [string, string])[] = [JSON_TYPE],
  target = '/demo/api/orders',
): Promise<RawAnswer> {
  return await exchange(shop.url, {
    method: 'POST',
    target,
    headers: [...OF_THE_PAGE, ...more],
    body,
  });
}

async function get(
  target: string,
  more: readonly (readonly [string, string])[] = [],
): Promise<RawAnswer> {
  return await exchange(shop.url, { method: 'GET', target, headers: [CUSTOMER, ...more] });
}

describe('every call of the shop', () => {
  it.each(SHOP_CALLS)(
    'when $method $path is sent anything, then the answer is in time, named, and the orders are shown as before',
    async (call) => {
      const requests = shopRequestsOf(
        call,
        placed.map(({ merchantOrderNo }) => merchantOrderNo),
      );
      const tryOne = async (request: RawRequest) => {
        const answer = await exchange(shop.url, request);
        expectKept(answer);
        return answer.status;
      };
      if (call.body === null)
        await holdsForAll(requests, 25, async (one) => void (await tryOne(one)));
      else expect((await statusesOfAll(requests, 25, tryOne)).size).toBeGreaterThan(1);
      for (const { merchantOrderNo, amountMinor, lines } of placed) {
        const { body } = await get(`/demo/api/orders/${merchantOrderNo}`);
        expect(JSON.parse(body)).toMatchObject({ merchantOrderNo, amountMinor, lines });
      }
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'when headers are anything, then the answer is in time and named',
    async () => {
      const targets = fc.constantFrom('/demo/api/shop', '/demo/api/orders', '/demo', '/demo/x');
      await holdsForAll(fc.tuple(targets, headers), 60, async ([target, given]) => {
        expectKept(await get(target, given));
      });
    },
    FUZZ_TIMEOUT_MS,
  );
});

describe('bodies', () => {
  it.each(HOSTILE_DOCUMENTS.map((text) => [text.slice(0, 30), text.length, text] as const))(
    'when the body is %j of %i characters, then it is refused by name',
    async (_start, _length, text) => {
      const code = expectKept(await post(text));
      const isTooLarge = Buffer.byteLength(text) > BODY_BYTES_MAX;
      if (isTooLarge) expect(code).toBe('payload_too_large');
      else expect(['malformed_body', 'validation_failed']).toContain(code);
    },
  );

  it.each([
    ['lines that are none', '"lines":[', ']', () => '{}'],
    ['lines with unknown fields', '"lines":[', ']', () => '{"goodsId":1,"a":1}'],
    ['unknown fields', '', '', (index: number) => `"k${index}":1`],
  ])(
    'when a body holds as many mistakes as fit (%s), then the answer stays small',
    async (_name, start, end, mistake) => {
      const count = Math.floor((BODY_BYTES_MAX - 20) / (mistake(10_000).length + 1));
      const mistakes = Array.from({ length: count }, (_, index) => mistake(index));
      const answer = await post(`{${start}${mistakes.join(',')}${end}}`);
      expect(expectKept(answer)).toBe('validation_failed');
      expect(answer.body.length).toBeLessThan(2 * BODY_BYTES_MAX);
    },
  );

  it('when a field is given twice, then it is refused by name, and nothing is ordered', async () => {
    const { cartId } = cart();
    const once = `"cartId":"${cartId}","lines":[{"goodsId":"tea","quantity":1}],"way":"cloud"`;
    expect(expectKept(await post(`{"way":"pos",${once}}`))).toBe('malformed_body');
    const { body } = await post(JSON.stringify({ ...cart(), cartId }));
    expect(JSON.parse(body)).toMatchObject({ way: 'hosted', amountMinor: 560 });
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(50_000_000, 0x20))],
    ['gzip', Buffer.from('this is not packed')],
    ['deflate', Buffer.from([0x78, 0x9c, 0xff])],
    ['br', Buffer.from([0xff, 0xff])],
    ['x-rot13', Buffer.from('{}')],
    ['gzip, gzip', Buffer.from('{}')],
  ] as const)(
    'when the body is packed or says so (%s), then it is refused by name and not unpacked',
    async (encoding, body) => {
      const answer = await post(body, [JSON_TYPE, ['Content-Encoding', encoding]]);
      expect(expectKept(answer)).toBe('unsupported_media_type');
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16'])(
    'when the body is %s, then it is refused by the name of that',
    async (type) => {
      const answer = await post(JSON.stringify(cart()), [['Content-Type', type]]);
      expect(expectKept(answer)).toBe('unsupported_media_type');
    },
  );
});

describe('where the customer sees the shop', () => {
  it.each([
    ...['a b', '<x>', 'x:99999', '[::1', '%00', MARK.repeat(200), ''],
    ...['user:pass@x', 'x/../y', 'x?y', 'x#y'],
  ])('when the host is %j, then it is refused by name, and nothing is ordered', async (host) => {
    const order = cart();
    const answer = await post(JSON.stringify(order), [JSON_TYPE, ['Host', host]]);
    expect(expectKept(answer)).toBe('malformed_request');
    expect(answer.body).not.toContain(MARK);
    const { body } = await post(JSON.stringify({ ...order, way: 'pos' }));
    expect(JSON.parse(body)).toMatchObject({ way: 'pos' });
  });

  it.each(['javascript', 'file', 'ftp'])(
    'when the page comes from %s://, then it is refused by name, and no payer is sent there',
    async (scheme) => {
      const headers = [JSON_TYPE, ['Host', 'x'], ['Origin', `${scheme}://x`]] as const;
      const answer = await post(JSON.stringify(cart()), headers);
      expect(['malformed_request', 'forbidden']).toContain(expectKept(answer));
    },
  );
});

describe('addresses and methods', () => {
  it(
    'when the address is anything, then the answer is in time and named, and no page shows it',
    async () => {
      const prefixes = fc.constantFrom(
        ...['/demo/', '/demo', '/demo/api/', '/demo/api/orders/', '/demo/assets/', '/demo//api/'],
        ...['/demo/orders/', '/demo/%61pi/orders/', '/demo/api;x/', '/demo/api/orders/x/place/'],
      );
      const rest = fc.tuple(hostileAddressPart, fc.constantFrom('', '/', '?', '/return', '/place'));
      await holdsForAll(fc.tuple(prefixes, rest), 80, async ([prefix, [part, suffix]]) => {
        expectKept(await get(`${prefix}${part}${suffix}`.slice(0, 9_000)));
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  it.each(['DELETE', 'PUT', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'HEAD', 'M-SEARCH'])(
    'when the method is %s, then there is nothing at the address, in words that a reader can name',
    async (method) => {
      for (const target of ['/demo', '/demo/x', '/demo/api/orders', '/demo/api/shop/']) {
        const headers = [...OF_THE_PAGE];
        const answer = await exchange(shop.url, { method, target, headers });
        if (method === 'HEAD') expect(answer.body).toBe('');
        else expect(['not_found', null]).toContain(expectKept(answer));
      }
    },
  );
});
