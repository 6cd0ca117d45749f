import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createCallbackVerifier } from '../../src/gateway/codepay/codepay-callback-verifier.js';
import { parsePublicKeys } from '../../src/gateway/codepay/codepay-keys.js';
import { isSignedByAny, signFields } from '../../src/gateway/codepay/codepay-signature.js';

const gateway = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const SENT_AT_MS = 1_795_252_800_000;
const FORM = 'application/x-www-form-urlencoded';

const SALE: Readonly<Record<string, string>> = {
  app_id: 'A1',
  method: 'order.notify',
  sign_type: 'RSA2',
  timestamp: String(SENT_AT_MS),
  merchant_no: 'M1',
  merchant_order_no: 'T1',
  terminal_sn: 'SN1',
  trans_no: 'G1',
  trans_type: '1',
  trans_status: '2',
  price_currency: 'USD',
  order_amount: '10.50',
};

const verifier = createCallbackVerifier({ appId: 'A1', publicKeys: [gateway.publicKey] });

function signed(fields: Readonly<Record<string, string>>): Record<string, string> {
  return { ...fields, sign: signFields(new Map(Object.entries(fields)), gateway.privateKey) };
}

function verify(body: string | Buffer, contentType = 'application/json', atMs = SENT_AT_MS) {
  return verifier.verify(Buffer.from(body), contentType, atMs);
}

function callbackOf(fields: Readonly<Record<string, string>>, atMs = SENT_AT_MS) {
  const result = verify(JSON.stringify(signed(fields)), 'application/json', atMs);
  if (!result.verified) throw new Error(`refused: ${result.refusal}`);
  return result.callback;
}

describe('a callback that the gateway signed', () => {
  it('when it comes as JSON, then its facts, subject and identity are told', () => {
    const body = JSON.stringify(signed(SALE));
    const result = verify(body, 'application/json; charset=UTF-8');
    expect(result).toMatchObject({
      verified: true,
      callback: {
        subject: 'order',
        merchantOrderNo: 'T1',
        terminalSn: 'SN1',
        sentAtMs: SENT_AT_MS,
        isStale: false,
        facts: { state: 'paid', transactionKind: 'sale', amount: 1050, merchantNo: 'M1' },
      },
    });
    const again = verify(body);
    expect(again.verified && again.callback.callbackId).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toEqual(result);
  });

  it('when openssl signed it, then it verifies', () => {
    const vector = (name: string) =>
      readFileSync(new URL(`vectors/${name}`, import.meta.url), 'utf8').trim();
    const pairs = vector('callback.content.txt')
      .split('&')
      .map((pair) => pair.split('=') as [string, string]);
    const body = JSON.stringify({
      ...Object.fromEntries(pairs),
      sign: vector('callback.sign.txt'),
    });
    const result = createCallbackVerifier({
      appId: 'wz6012822ca2f1as78',
      publicKeys: parsePublicKeys(vector('rsa2048.spki.pem')),
    }).verify(Buffer.from(body), 'application/json', SENT_AT_MS);
    expect(result).toMatchObject({ verified: true, callback: { facts: { amount: 1050 } } });
  });

  it('when it comes as a form, also with bare plus signs in the signature, then it verifies', () => {
    const encoded = new URLSearchParams(signed(SALE)).toString();
    expect(verify(encoded, FORM).verified).toBe(true);
    expect(verify(encoded.replaceAll('%2B', '+'), FORM).verified).toBe(true);
  });

  it('when numbers are JSON numbers, then the signature over their source text verifies', () => {
    const { sign } = signed({ ...SALE, order_amount: '10.50', trans_status: '2' });
    const text = JSON.stringify({ ...SALE, sign })
      .replace('"10.50"', '10.50')
      .replace('"trans_status":"2"', '"trans_status": 2');
    expect(verify(text)).toMatchObject({ verified: true, callback: { facts: { state: 'paid' } } });
  });

  it('when its fields stand inside data, as text or as an object, then they are found', () => {
    const { app_id, sign_type, timestamp, ...business } = SALE;
    const data = JSON.stringify(business);
    const envelope = signed({ app_id: 'A1', sign_type: 'RSA2', timestamp: `${SENT_AT_MS}`, data });
    const asText = verify(JSON.stringify(envelope));
    const asObject = verify(JSON.stringify(envelope).replace(JSON.stringify(data), data));
    for (const result of [asText, asObject]) {
      expect(result).toMatchObject({ verified: true, callback: { facts: { amount: 1050 } } });
    }
  });

  it('when its data contradicts its top, then it is verified and decides nothing', () => {
    const data = JSON.stringify({ ...SALE, trans_status: '2' });
    const callback = callbackOf({ ...SALE, trans_status: '0', data });
    expect(callback).toMatchObject({ facts: null, merchantOrderNo: null });
  });

  it.each([
    ['1', 'order'],
    ['2', 'refund'],
    ['3', 'refund'],
    ['4', 'order'],
  ])('when trans_type is %s, then its subject is %s', (trans_type, subject) => {
    expect(callbackOf({ ...SALE, trans_type }).subject).toBe(subject);
  });

  it.each([
    ['3', '2', 'refund', 'paid'],
    ['3', '1', 'refund', 'closed'],
    ['2', '2', 'void', 'paid'],
  ])(
    'when it is of type %s with status %s, then its number is the own one of a %s',
    (trans_type, trans_status, transactionKind, state) => {
      const refund = { ...SALE, trans_type, trans_status, merchant_order_no: 'R1' };
      const callback = callbackOf({ ...refund, orig_merchant_order_no: 'T1' });
      expect(callback).toMatchObject({
        subject: 'refund',
        merchantOrderNo: 'R1',
        facts: { merchantOrderNo: 'R1', transactionKind, state, amount: 1050 },
      });
    },
  );

  it('when its status is not understood, then its number is told and its facts are not', () => {
    expect(callbackOf({ ...SALE, trans_status: '8' })).toMatchObject({
      facts: null,
      merchantOrderNo: 'T1',
    });
  });

  it.each([
    [15 * 60_000, false],
    [-15 * 60_000, false],
    [15 * 60_000 + 1, true],
    [-15 * 60_000 - 1, true],
    [12 * 3_600_000, true],
  ])('when it arrives %s ms after it was sent, then stale is %s', (delayMs, isStale) => {
    expect(callbackOf(SALE, SENT_AT_MS + delayMs).isStale).toBe(isStale);
  });

  it('when it has no time of its own, then it is stale', () => {
    const { timestamp, ...timeless } = SALE;
    expect(callbackOf(timeless)).toMatchObject({ sentAtMs: null, isStale: true });
  });
});

describe('a callback that cannot be believed', () => {
  const body = JSON.stringify(signed(SALE));

  it.each([
    ['no media type', undefined],
    ['plain text', 'text/plain'],
    ['multipart', 'multipart/form-data; boundary=x'],
    ['another charset', 'application/json; charset=latin1'],
  ])('when it has %s, then unsupported_media_type', (_, contentType) => {
    expect(verifier.verify(Buffer.from(body), contentType, SENT_AT_MS)).toMatchObject({
      refusal: 'unsupported_media_type',
    });
  });

  it.each([
    ['nothing', ''],
    ['an empty object', '{}'],
    ['an array', '[]'],
    ['a field twice', body.replace('{', '{"trans_status":"2",')],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from(body), Buffer.of(0xff)])],
    ['cut off', body.slice(0, -5)],
  ])('when it is or has %s, then malformed_body', (_, text) => {
    expect(verify(text)).toMatchObject({ verified: false, refusal: 'malformed_body' });
  });

  it('when it carries no signature, or one of another kind, then signature_missing', () => {
    for (const fields of [SALE, { ...SALE, sign: '' }, { ...signed(SALE), sign_type: 'NONE' }]) {
      expect(verify(JSON.stringify(fields))).toMatchObject({ refusal: 'signature_missing' });
    }
  });

  it('when it is for another app, or for none, then app_unknown', () => {
    const { app_id, ...nameless } = SALE;
    for (const fields of [{ ...SALE, app_id: 'A2' }, nameless]) {
      expect(verify(JSON.stringify(signed(fields)))).toMatchObject({ refusal: 'app_unknown' });
    }
  });

  it('when any field was changed, added or taken away, then signature_invalid', () => {
    const genuine = signed(SALE);
    for (const name of Object.keys(SALE).filter((key) => key !== 'app_id' && key !== 'sign_type')) {
      const { [name]: _, ...less } = genuine;
      for (const fields of [less, { ...genuine, [name]: `${genuine[name]}0` }]) {
        expect(verify(JSON.stringify(fields))).toMatchObject({ refusal: 'signature_invalid' });
      }
    }
    const more = JSON.stringify({ ...genuine, extra: '1' });
    expect(verify(more)).toMatchObject({ refusal: 'signature_invalid' });
  });

  it('when another key signed it, or no key is known, then signature_invalid', () => {
    const sign = signFields(new Map(Object.entries(SALE)), other.privateKey);
    const forged = JSON.stringify({ ...SALE, sign });
    expect(verify(forged)).toMatchObject({ refusal: 'signature_invalid' });
    const keyless = createCallbackVerifier({ appId: 'A1', publicKeys: [] });
    expect(keyless.verify(Buffer.from(body), 'application/json', SENT_AT_MS)).toMatchObject({
      refusal: 'signature_invalid',
    });
  });

  it.each(['trans_amount', 'paid_amount'])(
    'when a text hides the field %s, which limits refunds, then malformed_body',
    (name) => {
      const hiding = signed({ ...SALE, attach: `A&${name}=99999.00` });
      expect(verify(JSON.stringify(hiding))).toMatchObject({ refusal: 'malformed_body' });
    },
  );

  it('when a signed text is cut into other fields, then it is refused although the text is the same', () => {
    // What a payer wrote into `attach` would become fields; the true ones would hide behind `zz`.
    const text = 'A&merchant_order_no=T1&trans_status=2&trans_type=1&zz=';
    const genuine = signed({ ...SALE, attach: text, trans_status: '1' });
    expect(verify(JSON.stringify(genuine)).verified).toBe(false);
    const recut = { app_id: 'A1', attach: 'A', merchant_order_no: 'T1', sign: genuine.sign ?? '' };
    const rest = Object.keys(SALE)
      .filter((key) => key !== 'app_id')
      .sort();
    const zz = `&${rest.map((key) => `${key}=${key === 'trans_status' ? '1' : SALE[key]}`).join('&')}`;
    const forged = { ...recut, trans_status: '2', trans_type: '1', zz };
    const isSigned = isSignedByAny(new Map(Object.entries(forged)), [gateway.publicKey]);
    expect(isSigned).toBe(true);
    expect(verify(JSON.stringify(forged))).toMatchObject({ refusal: 'malformed_body' });
  });
});
