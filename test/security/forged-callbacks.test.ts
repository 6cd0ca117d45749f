/** Attack: make the service believe that an order was paid, without the gateway's private key. */
import { constants, createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  apiConfig,
  type CallbackFields,
  callbackFields,
  type RunningApi,
  sendCallback,
} from '../api/api-environment.js';
import { type RecordStage, recordStage, seedOrder } from '../console/record-api.js';
import {
  asForm,
  contentOf,
  FORM,
  newKeyPair,
  signatureOf,
  withSignature,
} from './gateway-forger.js';

const gateway = newKeyPair();
const stranger = newKeyPair();
let stage: RecordStage;
let api: RunningApi;
let merchantOrderNo: string;

beforeAll(async () => {
  stage = await recordStage();
  const config = apiConfig({ CODEPAY_PUBLIC_KEY: gateway.publicPem });
  api = await stage.start({ config });
  ({ merchantOrderNo } = await seedOrder(stage.database.stores));
});

afterAll(async () => await stage.close());

const paid = (overrides: CallbackFields = {}) => callbackFields(merchantOrderNo, overrides);
const right = (fields: CallbackFields) => signatureOf(fields, gateway.privateKey);

async function expectRefused(
  body: string,
  codes: readonly string[],
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const answer = await sendCallback(api, body, headers);
  expect(codes, `${answer.status} ${answer.text}`).toContain(answer.body.code);
  expect(answer.status).toBe(answer.body.code === 'malformed_body' ? 400 : 401);
  await api.background.settle(5_000);
  const { orders, callbacks } = stage.database.stores;
  expect(await callbacks.find(createHash('sha256').update(body).digest('hex'))).toBeNull();
  const stored = await orders.find(`M1001/${merchantOrderNo}`);
  expect(stored?.order).toMatchObject({ status: 'pending', paidAmount: 0 });
}

describe('the door that is attacked', () => {
  it('when the gateway itself signs, then the message is taken: the attacks do not fail for another reason', async () => {
    const fields = callbackFields('T-nobody-asked-for-this');
    const answer = await sendCallback(api, withSignature(fields, right(fields)));
    expect([answer.status, answer.text]).toEqual([200, 'success']);
  });
});

describe('stripped signatures', () => {
  it.each([
    ['absent', () => JSON.stringify(paid())],
    ['empty', () => withSignature(paid(), '')],
    ['null', () => withSignature(paid(), null)],
    ['under another name', () => JSON.stringify({ ...paid(), Sign: right(paid()) })],
  ])('when the signature is %s, then it counts as missing', async (_name, make) => {
    await expectRefused(make(), ['signature_missing']);
  });

  it.each([
    ['a list', (signature: string) => [signature]],
    ['an object', (signature: string) => ({ value: signature })],
    ['true', () => true],
    ['a number', () => 0],
  ])('when the signature is %s, then it is none', async (_name, shape) => {
    await expectRefused(withSignature(paid(), shape(right(paid()))), ['signature_invalid']);
  });
});

describe('algorithm confusion', () => {
  it.each(['NONE', 'none', 'MD5', 'HMAC-SHA256', 'RSA', 'RSA1', 'ES256', 'rsa2', 'RSA2 ', 'null'])(
    'when sign_type says %s, then the message counts as unsigned, even signed by the gateway',
    async (sign_type) => {
      const fields = paid({ sign_type });
      await expectRefused(withSignature(fields, right(fields)), ['signature_missing']);
    },
  );

  it.each([
    ['its PEM', () => gateway.publicPem],
    ['its PEM without the last line end', () => gateway.publicPem.trim()],
    ['its DER', () => gateway.publicKey.export({ type: 'spki', format: 'der' })],
  ])('when it is an HMAC under the public key, %s, then it is no signature', async (_name, key) => {
    for (const sign_type of ['RSA2', 'HMAC-SHA256']) {
      const fields = paid({ sign_type });
      const mac = createHmac('sha256', key()).update(contentOf(fields)).digest('base64');
      await expectRefused(withSignature(fields, mac), ['signature_invalid', 'signature_missing']);
    }
  });

  it.each([
    ['SHA-1', { hash: 'sha1' }],
    ['MD5', { hash: 'md5' }],
    ['SHA-512', { hash: 'sha512' }],
    ['PSS padding', { padding: constants.RSA_PKCS1_PSS_PADDING }],
  ])(
    'when the gateway’s key signs with %s, then it is not what RSA2 is',
    async (_name, signing) => {
      const fields = paid();
      const signature = signatureOf(fields, gateway.privateKey, signing);
      await expectRefused(withSignature(fields, signature), ['signature_invalid']);
    },
  );

  it('when the hash itself is sent as the signature, then it is none', async () => {
    const hash = createHash('sha256').update(contentOf(paid())).digest('base64');
    await expectRefused(withSignature(paid(), hash), ['signature_invalid']);
  });
});

describe('swapped and altered signatures', () => {
  it('when somebody else’s key has signed, then it is refused', async () => {
    const fields = paid();
    await expectRefused(withSignature(fields, signatureOf(fields, stranger.privateKey)), [
      'signature_invalid',
    ]);
  });

  it('when the signature of a genuine message stands under another, then it is refused', async () => {
    const unpaid = paid({ trans_status: 0 });
    const elsewhere = callbackFields('T-another-order');
    for (const donor of [unpaid, elsewhere]) {
      await expectRefused(withSignature(paid(), right(donor)), ['signature_invalid']);
    }
  });

  it('when any field of a genuine message is changed, then it is refused', async () => {
    const fields = paid();
    const signature = right(fields);
    for (const name of Object.keys(fields)) {
      const body = withSignature({ ...fields, [name]: `${fields[name]}1` }, signature);
      await expectRefused(body, ['signature_invalid', 'signature_missing', 'app_unknown']);
    }
  });

  it('when any field is added to a genuine message, then it is refused', async () => {
    const fields = paid({ trans_status: 0 });
    const signature = right(fields);
    const data = JSON.stringify({ trans_status: '2', paid_amount: '10.50' });
    for (const added of [{ data }, { refund: 'no' }, { tip_amount: '0.00' }]) {
      await expectRefused(withSignature({ ...fields, ...added }, signature), ['signature_invalid']);
    }
    const nested = JSON.stringify({ ...fields, data: { trans_status: 2 }, sign: signature });
    await expectRefused(nested, ['signature_invalid']);
  });

  it.each([
    ['cut short', (text: string) => text.slice(0, -4)],
    ['with something behind it', (text: string) => `${text}AAAA`],
    [
      'in the alphabet of addresses',
      (text: string) => text.replaceAll('+', '-').replaceAll('/', '_'),
    ],
    ['with a line end', (text: string) => `${text}\n`],
    ['of a single letter', () => 'A'],
    ['as hexadecimal', (text: string) => Buffer.from(text, 'base64').toString('hex')],
  ])('when the signature comes %s, then it is refused', async (_name, alter) => {
    // One whose base64 has both letters that differ between the alphabets.
    const fields = signedWithBoth();
    const altered = alter(right(fields));
    await expectRefused(withSignature(fields, altered), ['signature_invalid']);
  });

  function signedWithBoth(): CallbackFields {
    for (let count = 0; ; count += 1) {
      const fields = paid({ http_request_id: `r${count}` });
      if (/\+.*\/|\/.*\+/.test(right(fields))) return fields;
    }
  }
});

describe('duplicate parameters', () => {
  const unpaid = () => paid({ trans_status: 0 });

  it('when JSON names a field twice, however it is written, then it is no message', async () => {
    const body = withSignature(unpaid(), right(unpaid()));
    for (const second of ['"trans_status":2', '"trans\\u005fstatus":2', '"sign":"AAAA"']) {
      await expectRefused(body.replace('{', `{${second},`), ['malformed_body']);
      await expectRefused(`${body.slice(0, -1)},${second}}`, ['malformed_body']);
    }
  });

  it('when a form names a field twice, however it is written, then it is no message', async () => {
    const texts = Object.fromEntries(Object.entries(unpaid()).map(([n, v]) => [n, String(v)]));
    const body = asForm({ ...texts, sign: right(unpaid()) });
    for (const second of ['trans_status=2', 'trans%5Fstatus=2', '%74rans_status=2', 'sign=AAAA']) {
      await expectRefused(`${body}&${second}`, ['malformed_body'], FORM);
      await expectRefused(`${second}&${body}`, ['malformed_body'], FORM);
    }
    for (const list of ['trans_status[]=2', 'trans_status[0]=2', 'data[trans_status]=2']) {
      await expectRefused(`${body}&${list}`, ['malformed_body', 'signature_invalid'], FORM);
    }
  });

  it('when the fields of a genuine message are cut anew under its signature, then it is no message', async () => {
    const signed = unpaid();
    const noted = { ...signed, attach: 'x', note: 'y&trans_status=2' };
    const signature = right(noted);
    await expectRefused(withSignature(noted, signature), ['malformed_body']);
    const { note, ...rest } = noted;
    const recut = JSON.stringify({ ...rest, 'note=y&trans_status': '2', sign: signature });
    await expectRefused(recut, ['malformed_body']);
  });
});

describe('rotation of the gateway’s key', () => {
  it('when two keys are valid, then both are believed; when the old one is gone, then only the new one', async () => {
    const next = newKeyPair();
    const during = await stage.start({
      config: apiConfig({ CODEPAY_PUBLIC_KEY: `${gateway.publicPem},${next.publicPem}` }),
    });
    const after = await stage.start({ config: apiConfig({ CODEPAY_PUBLIC_KEY: next.publicPem }) });
    const fields = callbackFields('T-rotation');
    const [old, fresh, alien] = [gateway, next, stranger].map(({ privateKey }) =>
      withSignature(fields, signatureOf(fields, privateKey)),
    );
    const statuses = async (running: RunningApi) => [
      (await sendCallback(running, old ?? '')).status,
      (await sendCallback(running, fresh ?? '')).status,
      (await sendCallback(running, alien ?? '')).status,
    ];
    expect(await statuses(during)).toEqual([200, 200, 401]);
    expect(await statuses(after)).toEqual([401, 200, 401]);
  });
});
