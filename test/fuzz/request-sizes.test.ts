/** Bodies at and beyond every size: small answers, bounded memory, and nobody else waits. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningApi } from '../api/api-environment.js';
import { type RecordStage, recordStage } from '../console/record-api.js';
import { expectKept } from './answer-promises.js';
import { AS_MERCHANT, UNLIMITED } from './fuzz-stage.js';
import { HOSTILE_DOCUMENTS } from './hostile-json.js';
import { exchange, exchangeBytes, type RawAnswer } from './raw-exchange.js';

const BODY_BYTES_MAX = 65_536;
const HUGE_BYTES = 20_000_000;
const HUGE_CALLBACK = Buffer.alloc(200_000, 0x20);

let stage: RecordStage;
let api: RunningApi;

beforeAll(async () => {
  stage = await recordStage();
  api = await stage.start({ rateLimits: UNLIMITED });
});

afterAll(async () => await stage.close());

const post = async (body: string | Buffer, type = 'application/json'): Promise<RawAnswer> =>
  await exchange(api.url, {
    method: 'POST',
    target: '/v1/orders',
    headers: [AS_MERCHANT, ['Content-Type', type]],
    body,
  });

const fill = (start: string, part: string, end: string): string =>
  start + part.repeat(Math.floor((BODY_BYTES_MAX - start.length - end.length) / part.length)) + end;

const ORDER = '{"channel":"hosted","amount":1,"currency":"USD"';

describe('bodies of orders', () => {
  it.each([
    ['unknown fields', `${Array.from({ length: 9_000 }, (_, index) => `,"${index}":0`).join('')}}`],
    ['wrong steps', fill(',"checks":{"strategy":"progressive","schedule":[0', ',0', ']}}')],
    [
      'bad keys of metadata',
      `,"metadata":{${Array.from({ length: 6_000 }, (_, index) => `" ${index}":0`).join(',')}}}`,
    ],
    ['one field again and again', fill('', ',"amount":0', '}')],
    ['one long unknown field', fill(',"', 'x', '":0}')],
    ['nested lists', fill(',"metadata":', '[', '}')],
  ])(
    'when 64 KB hold as many mistakes as they can (%s), then the answer stays small',
    async (_name, rest) => {
      const body = (ORDER + rest).slice(0, BODY_BYTES_MAX);
      const answer = await post(body);
      expect(['validation_failed', 'malformed_body']).toContain(expectKept(answer));
      expect(answer.body.length).toBeLessThan(2 * BODY_BYTES_MAX);
    },
  );

  it.each(HOSTILE_DOCUMENTS.map((text) => [text.slice(0, 30), text.length, text] as const))(
    'when the body is %j of %i characters, then it is refused by name',
    async (_start, length, text) => {
      const code = expectKept(await post(text));
      const tooLarge = Buffer.byteLength(text) > BODY_BYTES_MAX;
      if (tooLarge) expect(code, String(length)).toBe('payload_too_large');
      else expect(['malformed_body', 'validation_failed']).toContain(code);
    },
  );

  it('when a body is one byte too long, then 413; when it just fits, then it is judged', async () => {
    const fits = fill(`${ORDER}`, ' ', '}');
    expect(fits.length).toBe(BODY_BYTES_MAX);
    expect(expectKept(await post(fits))).toBe('idempotency_required');
    expect(expectKept(await post(`${fits} `))).toBe('payload_too_large');
  });

  it('when the body is no UTF-8, then it is refused, or its broken parts are no part of an order', async () => {
    const broken = [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x92], [0xc0, 0xaf]];
    for (const bytes of broken) {
      const [start, end] = [Buffer.from('{"merchantOrderNo":"A'), Buffer.from('"}')];
      const code = expectKept(await post(Buffer.concat([start, Buffer.from(bytes), end])));
      expect(['malformed_body', 'validation_failed']).toContain(code);
    }
  });

  it('when some send bodies of 20 MB, then none of it is held and others are answered meanwhile', async () => {
    const head = `POST /v1/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${AS_MERCHANT.join(': ')}\r\nContent-Type: application/json\r\nContent-Length: ${HUGE_BYTES}\r\n\r\n`;
    // One buffer for all senders, so that what is added is the service's.
    const bytes = Buffer.concat([Buffer.from(head), Buffer.alloc(HUGE_BYTES, 0x20)]);
    const before = process.memoryUsage().arrayBuffers;
    let most = before;
    const sampling = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }, 5);
    const senders = Promise.all(
      [1, 2, 3, 4, 5].map(async () => await exchangeBytes(api.url, bytes)),
    );
    const alive = await exchange(api.url, { method: 'GET', target: '/livez' });
    expect(alive.status).toBe(200);
    for (const answer of await senders) expect(expectKept(answer)).toBe('payload_too_large');
    clearInterval(sampling);
    expect(most - before).toBeLessThan(2.5 * HUGE_BYTES);
  });
});

describe('bodies of callbacks', () => {
  it('when hundreds of huge ones are refused, then the memory is what it was', async () => {
    const round = async () => {
      for (let count = 0; count < 10; count += 1) {
        await Promise.all(
          Array.from({ length: 20 }, async () => {
            const target = '/v1/webhooks/codepay';
            const answer = await exchange(api.url, { method: 'POST', target, body: HUGE_CALLBACK });
            expect(expectKept(answer)).toBe('payload_too_large');
          }),
        );
      }
    };
    await round();
    const before = process.memoryUsage().rss;
    await round();
    // Each round sends 40 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(30_000_000);
  });
});
