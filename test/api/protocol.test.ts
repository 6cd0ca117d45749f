/** What every answer has in common: problems, request ids, the log, health and metrics. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROBLEM_KINDS } from '../../src/api/problem-kinds.js';
import { uniqueOrderNo } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';
import { apiConfig, type RunningApi, startApi } from './api-environment.js';

let orders: OrderEnvironment;
let api: RunningApi;
let parts: Record<string, 'up' | 'down'> = {};

beforeAll(async () => {
  orders = await devEnvironment(new ScriptedGateway());
  api = await startApi(
    { ...orders.stores, messenger: orders.messenger },
    { checkReadiness: async () => parts },
  );
});

afterAll(async () => {
  await api.close();
  await orders.close();
});

describe('problems', () => {
  it('when something is wrong, then the answer is a problem with a code, an id and a type that explains it', async () => {
    const answer = await api.call('GET', '/v1/orders/none', { headers: { 'X-Request-Id': 'r-1' } });
    expect(answer.headers.get('Content-Type')).toContain('application/problem+json');
    expect(answer.body).toEqual({
      type: 'https://pay.example.com/docs/errors#order_not_found',
      title: 'There is no such order',
      status: 404,
      detail: 'There is no order with this number.',
      instance: '/v1/orders/none',
      code: 'order_not_found',
      requestId: 'r-1',
      errors: [],
    });
    const page = await api.call('GET', '/docs/errors', { credential: null });
    for (const code of Object.keys(PROBLEM_KINDS)) expect(page.text).toContain(`id="${code}"`);
  });

  it.each([
    ['no body at all', { body: undefined }, 400, 'malformed_body'],
    ['broken JSON', { rawBody: '{"amount":' }, 400, 'malformed_body'],
    ['JSON that is no object', { rawBody: '7' }, 422, 'validation_failed'],
    ['a prototype key', { rawBody: '{"__proto__":{"amount":1}}' }, 400, 'malformed_body'],
    [
      'a nested prototype key',
      { rawBody: '{"metadata":{"constructor":"x"}}' },
      400,
      'malformed_body',
    ],
    ['a field given twice', { rawBody: '{"amount":1,"amount":1050}' }, 400, 'malformed_body'],
    [
      'a nested field given twice',
      { rawBody: '{"metadata":{"a":"1","b":"2","\\u0061":"3"}}' },
      400,
      'malformed_body',
    ],
    ['very deep JSON', { rawBody: '['.repeat(30_000) + ']'.repeat(30_000) }, 400, 'malformed_body'],
    [
      'more than 64 KB',
      { rawBody: JSON.stringify({ a: 'x'.repeat(65_536) }) },
      413,
      'payload_too_large',
    ],
  ] as const)('when the body is %s, then it is refused', async (_name, options, status, code) => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await api.call('POST', '/v1/orders', { ...options, headers });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('when a field is given twice, then the answer points at it', async () => {
    const rawBody = '{"metadata":{"a/b":"1","a/b":"2"}}';
    const headers = { 'Content-Type': 'application/json' };
    const { body } = await api.call('POST', '/v1/orders', { rawBody, headers });
    expect(body.errors).toMatchObject([{ pointer: '/metadata/a~1b' }]);
  });

  it('when the body is in another encoding than UTF-8, then it is refused: what is in it twice was not looked for', async () => {
    const rawBody = [...'{"amount":1,"\\u0061mount":1050}'].map((letter) => `${letter}\0`).join('');
    const headers = { 'Content-Type': 'application/json; charset=utf-16le' };
    const { status, body } = await api.call('POST', '/v1/orders', { rawBody, headers });
    expect([status, body.code]).toEqual([415, 'unsupported_media_type']);
  });

  it('when two objects of a body have fields of the same name, then that is no repetition', async () => {
    const rawBody = JSON.stringify({ amount: 1, metadata: { amount: 'x' }, description: 7 });
    const headers = { 'Content-Type': 'application/json' };
    const { body } = await api.call('POST', '/v1/orders', { rawBody, headers });
    expect(body.code).toBe('validation_failed');
  });

  it.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/json; charset=latin1', {}],
    ['application/json', { 'Content-Encoding': 'gzip' }],
  ])('when the body is %s %o, then 415', async (type, headers) => {
    const answer = await api.call('POST', '/v1/orders', {
      rawBody: '{}',
      headers: { 'Content-Type': type, ...headers },
    });
    expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
  });

  it('when the body breaks, then the log has the code and nothing of the body', async () => {
    const mark = uniqueOrderNo();
    const headers = { 'Content-Type': 'application/json' };
    await api.call('POST', '/v1/orders', { rawBody: `{"card": ${mark}`, headers });
    expect(api.log()).toContain('"problemCode":"malformed_body"');
    expect(api.log()).not.toContain(mark);
  });

  it('when nobody expected an error, then 500 tells nothing and the log everything', async () => {
    const broken = await startApi(
      {
        ...orders.stores,
        messenger: orders.messenger,
      },
      {
        verifier: {
          verify: () => {
            throw new Error('a detail for the log');
          },
        },
      },
    );
    try {
      const answer = await broken.call('POST', '/v1/webhooks/codepay', {
        rawBody: '{}',
        credential: null,
        headers: { 'Content-Type': 'application/json' },
      });
      expect([answer.status, answer.body.code]).toEqual([500, 'internal']);
      expect(answer.text).not.toContain('a detail');
      expect(broken.log()).toContain('a detail for the log');
    } finally {
      await broken.close();
    }
  });
});

describe('request ids and the log', () => {
  it('when an id is sent, then it comes back; when it is unfit, then another one is made', async () => {
    const given = await api.call('GET', '/v1/orders/none', {
      headers: { 'X-Request-Id': 'a.b-C_1' },
    });
    expect(given.headers.get('X-Request-Id')).toBe('a.b-C_1');
    for (const unfit of ['a b', 'x'.repeat(65), '{"level":"fatal"}']) {
      const made = await api.call('GET', '/v1/orders/none', { headers: { 'X-Request-Id': unfit } });
      expect(made.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('when a request is logged, then it names the order and the id and no credential', async () => {
    const merchantOrderNo = uniqueOrderNo();
    await api.call('GET', `/v1/orders/${merchantOrderNo}?secret=in-the-query`, {
      headers: { 'X-Request-Id': merchantOrderNo, Cookie: 'session=in-a-cookie' },
    });
    const line = api
      .log()
      .split('\n')
      .find((text) => text.includes(`"requestId":"${merchantOrderNo}"`));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      level: 'warn',
      merchantOrderNo,
      problemCode: 'order_not_found',
      res: { statusCode: 404 },
    });
    for (const secret of ['key-of-the-tests', 'in-the-query', 'in-a-cookie']) {
      expect(api.log()).not.toContain(secret);
    }
  });
});

describe('health and metrics', () => {
  it('when all parts are up, then ready', async () => {
    parts = { mongodb: 'up', temporal: 'up' };
    for (const path of ['/readyz', '/healthz']) {
      const answer = await api.call('GET', path, { credential: null });
      expect([answer.status, answer.body]).toEqual([200, { status: 'ready', parts }]);
    }
  });

  it('when a part is down, then 503 names it', async () => {
    parts = { mongodb: 'up', temporal: 'down' };
    const answer = await api.call('GET', '/readyz', { credential: null });
    expect([answer.status, answer.body]).toEqual([503, { status: 'not_ready', parts }]);
  });

  it('when metrics are read, then requests are counted under their templates, not their numbers', async () => {
    const merchantOrderNo = uniqueOrderNo();
    await api.call('GET', `/v1/orders/${merchantOrderNo}`);
    const answer = await api.call('GET', '/metrics', { credential: null });
    expect(answer.headers.get('Content-Type')).toContain('text/plain');
    expect(answer.text).toContain('http_route="/v1/orders/:merchantOrderNo"');
    expect(answer.text).toContain('payments_build_info{');
    expect(answer.text).not.toContain(merchantOrderNo);
  });

  it('when it is no trial, then PORT serves no metrics', async () => {
    const production = await startApi(
      { ...orders.stores, messenger: orders.messenger },
      { config: apiConfig({ TRIAL_MODE: '0' }) },
    );
    try {
      const status = await statusOf(`${production.url}/metrics`);
      expect(status).toBe(404);
    } finally {
      await production.close();
    }
  });
});

/** For addresses that are not in the document. */
async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.status;
}
