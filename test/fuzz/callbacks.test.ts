/** The gateway's callback: what is accepted is in the inbox and reaches its order, what is not is refused and counted. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCallbackVerifier } from '../../src/gateway/codepay/codepay-callback-verifier.js';
import { callbackFields } from '../api/api-environment.js';
import { eventually } from '../support/eventually.js';
import { MERCHANT_NO } from '../support/order-builder.js';
import { expectKept } from './answer-promises.js';
import { CALLBACK_TYPES, callbackHead, contentOf, inChunks, REFUSALS } from './callback-bytes.js';
import { announceSeed, FUZZ_TIMEOUT_MS, fuzzOrderNo, holdsForAll } from './fuzz-runs.js';
import { type FuzzStage, fuzzStage } from './fuzz-stage.js';
import { GATEWAY_PUBLIC_KEY, signedForm, signedText } from './hostile-gateway.js';
import { HOSTILE_DOCUMENTS, hostileBody, hostileValue } from './hostile-json.js';
import { HOSTILE_TEXTS, hostileText } from './hostile-text.js';
import { exchange, exchangeBytes, type RawAnswer } from './raw-exchange.js';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

let stage: FuzzStage;
let sent = 0;
const accepted = new Set<string>();

beforeAll(async () => {
  announceSeed('callbacks');
  const verifier = createCallbackVerifier({
    appId: 'wz0000000001',
    publicKeys: [GATEWAY_PUBLIC_KEY],
  });
  stage = await fuzzStage({ verifier });
});

afterAll(async () => await stage.close());

/** @returns the answer, held against what a callback owes: kept when acknowledged, named and not kept when refused */
async function send(
  body: string | Buffer,
  type: string | null = JSON_TYPE,
  headers: readonly (readonly [string, string])[] = [],
): Promise<RawAnswer> {
  sent += 1;
  const answer = await exchange(stage.api.url, {
    method: 'POST',
    target: '/v1/webhooks/codepay',
    headers: [...(type === null ? [] : [['Content-Type', type] as const]), ...headers],
    body,
  });
  const code = expectKept(answer);
  const callbackId = createHash('sha256').update(body).digest('hex');
  const entry = await stage.orders.stores.callbacks.find(callbackId);
  if (answer.status === 200) {
    expect(answer.body).toBe('success');
    expect(entry).not.toBeNull();
    accepted.add(callbackId);
  } else {
    expect(REFUSALS).toContain(code);
    expect(entry).toBeNull();
  }
  return answer;
}

/** About orders that are there, and about one that is not. */
function fieldsOf(orderNo = stage.orderNos[0] ?? ''): Record<string, string | number> {
  return { ...callbackFields(orderNo) };
}

const anyFields = fc.nat(6).map((index) => fieldsOf(stage.orderNos[index] ?? fuzzOrderNo()));

describe('callback bodies', () => {
  it(
    'when anything is signed, then it is kept and acknowledged, or refused by name',
    async () => {
      const statuses = new Set<number>();
      await holdsForAll(hostileBody(anyFields), 50, async (text) => {
        statuses.add((await send(signedText(text))).status);
      });
      for (const status of [200, 400, 401]) expect(statuses).toContain(status);
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'when one field holds anything and is signed, then it is acknowledged and its order stays whole',
    async () => {
      const oneField = fc.tuple(anyFields, fc.nat(30), hostileValue);
      await holdsForAll(oneField, 25, async ([fields, at, value]) => {
        const names = Object.keys(fields).filter(
          (name) => name !== 'app_id' && name !== 'sign_type',
        );
        const name = names[at % names.length] ?? '';
        const pairs = Object.entries(fields).map(([key, one]) => {
          return `${JSON.stringify(key)}:${key === name ? value : JSON.stringify(one)}`;
        });
        const answer = await send(signedText(`{${pairs.join(',')}}`));
        // More than 64 KB, or a value that hides a field.
        expect([200, 400, 413]).toContain(answer.status);
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'when a signed body is changed afterwards, then it is refused',
    async () => {
      const changes = fc.tuple(fc.nat(), fc.constantFrom('flip', 'drop', 'double'), fc.nat(254));
      await holdsForAll(changes, 60, async ([at, kind, bits]) => {
        const body = Buffer.from(signedText(JSON.stringify(fieldsOf())));
        const index = at % body.length;
        const before = body.subarray(0, index);
        const byte = body[index] ?? 0;
        const changed = { flip: [byte ^ (bits + 1)], drop: [], double: [byte, byte] }[kind];
        const text = Buffer.concat([before, Buffer.from(changed ?? []), body.subarray(index + 1)]);
        const answer = await send(text);
        if (answer.status !== 200) expect([400, 401]).toContain(answer.status);
        // The last characters of base64 hold bits that stand for nothing.
        else expect(contentOf(text)).toBe(contentOf(body));
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'when a signed form holds anything, then it is kept and acknowledged, or refused by name',
    async () => {
      await holdsForAll(
        fc.tuple(anyFields, fc.nat(30), hostileText),
        15,
        async ([fields, at, text]) => {
          const pairs = Object.entries(fields).map(([name, value]): [string, string] => [
            name,
            String(value),
          ]);
          const name = pairs[at % pairs.length]?.[0] ?? '';
          const form = signedForm(new Map([...pairs, [name, text.slice(0, 5_000)]]));
          await send(form, FORM_TYPE);
          await send(`${form}&${name}=again`, FORM_TYPE);
          await send(form.replace('=', '%'), FORM_TYPE);
        },
      );
    },
    FUZZ_TIMEOUT_MS,
  );

  it.each(HOSTILE_DOCUMENTS.map((text) => [text.slice(0, 30), text.length, text] as const))(
    'when the body is %j of %i characters, then it is refused by name, whatever it says it is',
    async (_start, _length, text) => {
      for (const type of [JSON_TYPE, FORM_TYPE]) {
        expect((await send(text, type)).status).toBeGreaterThanOrEqual(400);
      }
    },
  );

  it.each(Object.keys(HOSTILE_TEXTS))(
    'when a signed field holds "%s", then it is acknowledged or too large, and its order whole',
    async (name) => {
      const fields = {
        ...fieldsOf(),
        note: HOSTILE_TEXTS[name] ?? '',
        trans_no: HOSTILE_TEXTS[name] ?? '',
      };
      const { status } = await send(signedText(JSON.stringify(fields)));
      expect(name === 'ampersand' ? [400] : [200, 413]).toContain(status);
    },
  );
});

describe('what a body says of itself', () => {
  const signed = () => signedText(JSON.stringify(fieldsOf(fuzzOrderNo())));

  it.each(CALLBACK_TYPES)(
    'when its type is %j, then the answer has a name and is in time',
    async (type) => {
      await send(signed(), type);
    },
  );

  it.each(['gzip', 'deflate', 'br', 'zstd', 'x-gzip', 'identity, gzip', 'GZIP', 'x', ''])(
    'when it is packed as %j, then nothing is unpacked',
    async (encoding) => {
      const bomb = gzipSync(Buffer.alloc(20_000_000, 0x20));
      const { status } = await send(bomb, JSON_TYPE, [['Content-Encoding', encoding]]);
      expect([400, 415]).toContain(status);
    },
  );

  it('when it begins with a byte order mark or is in another encoding, then it is refused', async () => {
    const text = signed();
    for (const body of [Buffer.from(`\ufeff${text}`), Buffer.from(text, 'utf16le')]) {
      expect((await send(body)).status).toBe(400);
    }
  });
});

describe('how a body is framed', () => {
  it('when it comes in chunks of one byte, then it is acknowledged', async () => {
    sent += 1;
    const body = Buffer.from(signedText(JSON.stringify(fieldsOf(fuzzOrderNo()))));
    const bytes = inChunks([...body].map((byte) => Buffer.from([byte])));
    const answer = await exchangeBytes(stage.api.url, bytes);
    expect([answer.status, answer.body]).toEqual([200, 'success']);
  });

  it('when chunks add up to more than 64 KB, then 413, and the rest is not kept', async () => {
    sent += 1;
    const bytes = inChunks(Array.from({ length: 6 }, () => Buffer.alloc(16_384, 0x20)));
    expect(expectKept(await exchangeBytes(stage.api.url, bytes))).toBe('payload_too_large');
  });

  it('when it says it is huge and hangs up, then it is over, and nothing is kept', async () => {
    sent += 1;
    const bytes = Buffer.concat([callbackHead('Content-Length: 99999999999'), Buffer.from('{')]);
    await exchangeBytes(stage.api.url, bytes, { hangsUp: true }).then(expectKept, () => null);
  });

  it('when it is longer than it says, then it is no request, and the rest no second one', async () => {
    sent += 1;
    const bytes = Buffer.concat([
      callbackHead('Content-Length: 2'),
      Buffer.from(`{}POST /v1/orders HTTP/1.1\r\n\r\n`),
    ]);
    expect(expectKept(await exchangeBytes(stage.api.url, bytes))).toBe('malformed_request');
  });
});

describe('afterwards', () => {
  it('when all of it is over, then every callback was counted', async () => {
    const { values } = await stage.api.metrics.callbacks.get();
    const counted = values.reduce((sum, { value }) => sum + value, 0);
    expect(counted).toBe(sent);
  });

  it('when all of it is over, then every accepted one was dealt with, and orders and audits agree', async () => {
    expect(accepted.size).toBeGreaterThan(20);
    for (const callbackId of accepted) {
      await eventually(`${callbackId} was delivered`, async () => {
        const entry = await stage.orders.stores.callbacks.find(callbackId);
        const isOfOrder = stage.orderNos.includes(entry?.merchantOrderNo ?? '');
        // What is about another number waits for its order, and the sweep settles it after five minutes.
        return entry !== null && (entry.processedAt !== null || !isOfOrder);
      });
    }
    for (const merchantOrderNo of stage.orderNos) {
      await eventually(`${merchantOrderNo} is whole`, async () => {
        return (await stage.orders.fault({ merchantNo: MERCHANT_NO, merchantOrderNo })) === null;
      });
    }
  });
});
