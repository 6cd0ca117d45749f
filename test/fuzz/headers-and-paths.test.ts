/** Request lines and headers in every wrong form: an answer in time with a name, nothing reflected, nothing logged. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiConfig, type RunningApi } from '../api/api-environment.js';
import { type RecordStage, recordStage, seedOrder } from '../console/record-api.js';
import { expectKept, expectLogKept } from './answer-promises.js';
import { announceSeed, FUZZ_TIMEOUT_MS, holdsForAll } from './fuzz-runs.js';
import { AS_MERCHANT, UNLIMITED } from './fuzz-stage.js';
import {
  ADDRESS_PREFIXES,
  BROKEN_HEADER_LINES,
  HEADER_TARGETS,
  headers,
} from './hostile-headers.js';
import {
  HOSTILE_TEXTS,
  hostileAddressPart,
  hostileText,
  MARK,
  percentEncoded,
} from './hostile-text.js';
import { headerText } from './operations.js';
import { exchange, exchangeBytes, type RawAnswer } from './raw-exchange.js';

let stage: RecordStage;
let api: RunningApi;

beforeAll(async () => {
  announceSeed('headers and paths');
  stage = await recordStage();
  // Behind a proxy more headers are believed, so that more of them can do harm.
  const config = apiConfig({ TRUST_PROXY: 'loopback', CORS_ORIGINS: 'https://shop.example.com' });
  api = await stage.start({ config, rateLimits: UNLIMITED });
});

afterAll(async () => {
  await stage.close();
  expectLogKept(api.log());
});

const get = async (
  target: string,
  headers: readonly (readonly [string, string])[] = [AS_MERCHANT],
): Promise<RawAnswer> => await exchange(api.url, { method: 'GET', target, headers });

const SCHEMES = ['Bearer ', 'bearer ', 'Basic ', 'Bearer', 'Bearer\t', 'Bearer  ', '', 'Digest '];

describe('headers', () => {
  it(
    'when they hold anything, given twice or at absurd length, then the answer is in time and named',
    async () => {
      const requests = fc.tuple(fc.constantFrom(...HEADER_TARGETS), headers, fc.boolean());
      await holdsForAll(requests, 80, async ([target, given, isTwice]) => {
        const all = [AS_MERCHANT, ...given, ...(isTwice ? given : [])];
        expectKept(await get(target, all));
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'when the credential has any form but the right one, then 401, without a word of it',
    async () => {
      const schemes = fc.constantFrom(...SCHEMES);
      await holdsForAll(
        fc.tuple(schemes, hostileText.map(headerText)),
        60,
        async ([scheme, text]) => {
          const answer = await get('/v1/orders', [['Authorization', scheme + text]]);
          expect(expectKept(answer)).toBe('unauthenticated');
          expect(answer.body).not.toContain(MARK);
        },
      );
    },
    FUZZ_TIMEOUT_MS,
  );

  it('when a request id is anything, then it comes back only in the form that cannot forge a line', async () => {
    await holdsForAll(hostileText.map(headerText), 30, async (text) => {
      const answer = await get('/v1/orders/none', [AS_MERCHANT, ['X-Request-Id', text]]);
      expectKept(answer);
      const id = answer.headers.get('x-request-id') ?? '';
      if (id !== text.trim()) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    });
  });

  it.each(BROKEN_HEADER_LINES)(
    'when a header has %s, then it is refused by name, or means nothing',
    async (_name, line) => {
      const text = `GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${line}\r\n\r\n`;
      const answer = await exchangeBytes(api.url, Buffer.from(text, 'latin1'), { hangsUp: true });
      if (answer.status !== 200) expect(expectKept(answer)).toBe('malformed_request');
      expect(answer.head + answer.body).not.toContain(MARK);
    },
  );
});

describe('request lines', () => {
  it.each([
    ...[
      '',
      ' ',
      '\r\n\r\n\r\n',
      MARK,
      'GET',
      'GET /',
      'GET / HTTP/9.9',
      'get / HTTP/1.1',
      'GET  / HTTP/1.1',
    ],
    ...[
      'GET / HTTP/1.1 x',
      `GET /${MARK} x HTTP/1.1`,
      `${MARK} / HTTP/1.1`,
      '\u0016\u0003\u0001\u0002',
    ],
    ...['PRI * HTTP/2.0', 'GET /\u0000 HTTP/1.1', `GET /${'x'.repeat(20_000)} HTTP/1.1`, '{"a":1}'],
  ])('when the connection begins with %j, then it is refused by name', async (line) => {
    const bytes = Buffer.from(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`, 'latin1');
    const answer = await exchangeBytes(api.url, bytes);
    expect(['malformed_request', 'not_found']).toContain(expectKept(answer));
  });

  it.each(['DELETE', 'PUT', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH', 'HEAD', 'M-SEARCH'])(
    'when the method is %s, then there is nothing at the address, in words that a reader can name',
    async (method) => {
      for (const target of ['/v1/orders', '/v1/orders/none', '/v1/webhooks/codepay', '/nowhere']) {
        const answer = await exchange(api.url, { method, target, headers: [AS_MERCHANT] });
        if (method === 'HEAD') expect(answer.body).toBe('');
        else expect(['not_found', null]).toContain(expectKept(answer));
      }
    },
  );

  it(
    'when the address is anything, then the answer is in time and named, and no page shows it',
    async () => {
      const prefixes = fc.constantFrom(...ADDRESS_PREFIXES);
      const rest = fc.tuple(
        hostileAddressPart,
        fc.constantFrom('', '/', '?', '#', '/verify', '.csv'),
      );
      await holdsForAll(fc.tuple(prefixes, rest), 80, async ([prefix, [part, suffix]]) => {
        expectKept(await get(`${prefix}${part}${suffix}`.slice(0, 9_000)));
      });
    },
    FUZZ_TIMEOUT_MS,
  );
});

describe('order numbers in paths', () => {
  const ALLOWED = 'ABCXYZabcxyz0189_-|*@';

  it('when a number uses every allowed character, then each way of encoding it finds the same order', async () => {
    const order = await seedOrder(stage.database.stores, { merchantOrderNo: ALLOWED });
    const written = [
      ALLOWED,
      encodeURIComponent(ALLOWED),
      percentEncoded(ALLOWED),
      percentEncoded(ALLOWED).toUpperCase(),
    ];
    for (const text of written) {
      const answer = await get(`/v1/orders/${text}`);
      expect([answer.status, JSON.parse(answer.body)]).toMatchObject([
        200,
        { merchantOrderNo: order.merchantOrderNo },
      ]);
    }
  });

  it('when it is encoded twice, or holds anything more, then there is no such order', async () => {
    for (const more of [
      '%00',
      '%0a',
      '%20',
      '%e2%80%8b',
      '%2f',
      '/',
      '%252f',
      '%cc%81',
      ';v=1',
      '%',
      '%c0%80',
    ]) {
      const answer = await get(`/v1/orders/${encodeURIComponent(ALLOWED)}${more}`);
      const isSlash = more === '/';
      expect(expectKept(answer), more).toSatisfy(
        (code) => isSlash || /not_found$/.test(code ?? ''),
      );
    }
    expectKept(await get(`/v1/orders/${encodeURIComponent(encodeURIComponent(ALLOWED))}`));
  });

  it.each(Object.keys(HOSTILE_TEXTS))(
    'when a search holds "%s", then it finds nothing or is refused by name',
    async (name) => {
      const text = percentEncoded((HOSTILE_TEXTS[name] ?? '').slice(0, 900));
      for (const filter of [
        'merchantOrderNo',
        'gatewayTransNo',
        'currency',
        'createdFrom',
        'amountTo',
        'limit',
      ]) {
        const answer = await get(`/v1/orders?${filter}=${text}`);
        if (answer.status === 200) expect(JSON.parse(answer.body)).toMatchObject({ data: [] });
        else expect(expectKept(answer)).toBe('validation_failed');
      }
    },
  );
});
