/** Attack: one request that a proxy and the service cut differently, and senders that never finish. */
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningApi } from '../api/api-environment.js';
import { type RecordStage, recordStage } from '../console/record-api.js';
import { sendRaw, statusesOf } from './raw-http.js';

let stage: RecordStage;
let api: RunningApi;

beforeAll(async () => {
  stage = await recordStage();
  api = await stage.start();
});

afterAll(async () => await stage.close());

/** What must never be answered: the request that hides in another one. */
const HIDDEN = 'GET /livez?hidden HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

function post(headers: readonly string[], body: string): string {
  const lines = ['POST /v1/webhooks/codepay HTTP/1.1', 'Host: a', ...headers];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

const JSON_TYPE = 'Content-Type: application/json';
const CLOSE = 'Connection: close';
const length = (bytes: number) => `Content-Length: ${bytes}`;

describe('a request with two lengths', () => {
  it.each([
    [
      'both a length and chunks',
      post([JSON_TYPE, length(4), 'Transfer-Encoding: chunked'], `0\r\n\r\n${HIDDEN}`),
    ],
    [
      'chunks and a length after them',
      post([JSON_TYPE, 'Transfer-Encoding: chunked', length(4)], `0\r\n\r\n${HIDDEN}`),
    ],
    ['two lengths that differ', post([JSON_TYPE, length(2), length(60)], `{}${HIDDEN}`)],
    ['the same length twice', post([JSON_TYPE, length(2), length(2)], `{}${HIDDEN}`)],
    ['a list of lengths', post([JSON_TYPE, 'Content-Length: 2, 2'], `{}${HIDDEN}`)],
    ['a signed length', post([JSON_TYPE, 'Content-Length: +2'], `{}${HIDDEN}`)],
    ['a hexadecimal length', post([JSON_TYPE, 'Content-Length: 0x2'], `{}${HIDDEN}`)],
    ['a negative length', post([JSON_TYPE, 'Content-Length: -2'], `{}${HIDDEN}`)],
    [
      'a blank before the colon',
      post([JSON_TYPE, 'Transfer-Encoding : chunked', length(5)], `0\r\n\r\n${HIDDEN}`),
    ],
    ['an unknown coding', post([JSON_TYPE, 'Transfer-Encoding: xchunked'], `0\r\n\r\n${HIDDEN}`)],
    [
      'chunked that is not the last coding',
      post([JSON_TYPE, 'Transfer-Encoding: chunked, identity'], `0\r\n\r\n${HIDDEN}`),
    ],
    [
      'a chunk size that is no number',
      post([JSON_TYPE, 'Transfer-Encoding: chunked'], `2x\r\n{}\r\n0\r\n\r\n${HIDDEN}`),
    ],
    [
      'a folded header',
      post([JSON_TYPE, 'Transfer-Encoding:\r\n chunked', length(5)], `0\r\n\r\n${HIDDEN}`),
    ],
    ['a header name with a NUL', post([JSON_TYPE, 'X\0: 1', length(2), CLOSE], '{}')],
    ['a line end inside a header', post([JSON_TYPE, 'X: 1\rY: 2', length(2), CLOSE], '{}')],
  ])(
    'when it has %s, then it is refused once and nothing behind it is answered',
    async (_what, bytes) => {
      const received = await sendRaw(api.url, bytes);
      expect(statusesOf(received)).toEqual([400]);
      expect(received).not.toContain('live');
      expect((await api.call('GET', '/livez', { credential: null })).status).toBe(200);
    },
  );

  it('when it is well formed, then the request behind it is one of its own', async () => {
    const received = await sendRaw(api.url, post([JSON_TYPE, length(2)], `{}${HIDDEN}`));
    expect(statusesOf(received)).toEqual([400, 200]);
    expect(received).toContain('malformed_body');
  });
});

describe('a request without a host, or with two', () => {
  it.each([
    ['none', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['two', 'GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n'],
  ])('when it names %s, then it gets no more than what anybody may see', async (_what, bytes) => {
    const statuses = statusesOf(await sendRaw(api.url, bytes));
    expect([[400], [200]]).toContainEqual(statuses);
  });

  it('when the target is an address of another host, then no request goes there', async () => {
    const bytes =
      'GET http://127.0.0.1:1/v1/orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    expect(statusesOf(await sendRaw(api.url, bytes))).toEqual([401]);
    const tunnel = 'CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n';
    expect(await sendRaw(api.url, tunnel)).not.toContain(' 200 ');
  });
});

describe('a request that is too large', () => {
  it.each([
    ['one header', `X: ${'a'.repeat(20_000)}\r\n`],
    ['very many headers', 'X: aaaaaaaa\r\n'.repeat(5_000)],
  ])('when it has %s, then it is refused', async (_what, headers) => {
    const bytes = `GET /livez HTTP/1.1\r\nHost: a\r\n${headers}Connection: close\r\n\r\n`;
    const statuses = statusesOf(await sendRaw(api.url, bytes));
    // 431 is Node's own word, 400 the service's for what is no request that can be read.
    expect([[400], [431]]).toContainEqual(statuses);
  });

  it('when a body in chunks grows too large, then 413', async () => {
    const chunks = `ffff\r\n${'a'.repeat(0xffff)}\r\n`.repeat(2);
    const bytes = post([JSON_TYPE, 'Transfer-Encoding: chunked', CLOSE], `${chunks}0\r\n\r\n`);
    expect(statusesOf(await sendRaw(api.url, bytes))).toEqual([413]);
  });
});

describe('a sender that never finishes', () => {
  /** The time for headers, and a moment in which it is noticed. */
  const CUT_OFF_MS = 13_000;

  it('when headers drip in, then all such connections are cut off after 10 s, and others are served meanwhile', {
    timeout: 2 * CUT_OFF_MS,
  }, async () => {
    const { hostname, port } = new URL(api.url);
    const beganAtMs = performance.now();
    const slow = Array.from({ length: 50 }, async () => await drip(hostname, Number(port)));
    expect((await api.call('GET', '/livez', { credential: null })).status).toBe(200);
    for (const received of await Promise.all(slow)) {
      expect([[400], [408]]).toContainEqual(statusesOf(received));
    }
    expect(performance.now() - beganAtMs).toBeLessThan(CUT_OFF_MS);
  });

  /** A header line each second, for ever. @returns what came back before it was cut off */
  async function drip(host: string, port: number): Promise<string> {
    return await new Promise((resolve) => {
      const socket = connect(port, host, () => socket.write('GET /livez HTTP/1.1\r\nHost: a\r\n'));
      const dripping = setInterval(() => socket.write('X-Slow: a\r\n'), 1_000);
      let received = '';
      socket.on('data', (chunk: Buffer) => {
        received += chunk.toString();
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(dripping);
        resolve(received);
      });
    });
  }
});
