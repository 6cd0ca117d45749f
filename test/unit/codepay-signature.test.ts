import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePrivateKey, parsePublicKeys } from '../../src/gateway/codepay/codepay-keys.js';
import { isSignedByAny, signFields } from '../../src/gateway/codepay/codepay-signature.js';
import { signedRequest } from '../../src/gateway/codepay/codepay-wire.js';
import { readJsonFields } from '../../src/gateway/codepay/codepay-wire-text.js';

/** Made by vectors/make-vectors.sh with the openssl command line. */
function vector(name: string): string {
  return readFileSync(new URL(`vectors/${name}`, import.meta.url), 'utf8').trim();
}

const privateKey = parsePrivateKey(vector('rsa2048.pkcs1.pem'));
const publicKeys = parsePublicKeys(vector('rsa2048.spki.pem'));
const otherKeys = parsePublicKeys(vector('other.spki.pem'));

describe('signatures, checked against openssl', () => {
  it('when an order query is built, then its signature is the one openssl makes', () => {
    const request = signedRequest(
      'order.query',
      { merchant_order_no: 'T20261121-1|*@', merchant_no: '312100000164', description: '' },
      { appId: 'wz6012822ca2f1as78', privateKey, nowMs: 1795252800000 },
    );
    expect(request.get('sign')).toBe(vector('query-request.sign.txt'));
    expect(request.has('description')).toBe(false);
  });

  it('when a reply carries its data as JSON text, then what openssl signed verifies', () => {
    const data =
      '{"merchant_no":"312100000164","merchant_order_no":"T1","order_amount":"10.50","paid_amount":"10.50","price_currency":"USD","trans_end_time":"2026-11-21 08:00:00","trans_no":"2026112100001","trans_status":2,"trans_type":1}';
    const text = JSON.stringify({
      psn: '11210800001234567890',
      sign: vector('reply-text-data.sign.txt'),
      data,
      msg: 'Success',
      code: '0',
    });
    expect(isSignedByAny(readJsonFields(text) ?? new Map(), publicKeys)).toBe(true);
  });

  it('when data is an object, then its source text verifies: blanks, 10.50 and long integers kept', () => {
    const text = `{"code":0, "msg":"Pagamento conclu\\u00eddo ✓","note":null,"psn":"11210800001234567890","data":{ "trans_status" : 2,"order_amount":10.50, "trans_type": 1, "trans_no": 20261121000012345678, "price_currency":"USD","merchant_order_no":"T1" },"sign":"${vector('reply-object-data.sign.txt')}"}`;
    const fields = readJsonFields(text) ?? new Map();
    expect(isSignedByAny(fields, publicKeys)).toBe(true);
    const reformatted = readJsonFields(text.replace('10.50', '10.5')) ?? new Map();
    expect(isSignedByAny(reformatted, publicKeys)).toBe(false);
  });

  it('when keys are rotated, then any of them may have signed', () => {
    const fields = new Map([
      ['a', '1'],
      ['sign', signFields(new Map([['a', '1']]), privateKey)],
    ]);
    expect(isSignedByAny(fields, [...otherKeys, ...publicKeys])).toBe(true);
    expect(isSignedByAny(fields, otherKeys)).toBe(false);
  });

  it('when there is no key, no signature or a broken one, then nothing is signed', () => {
    const signature = signFields(new Map([['a', '1']]), privateKey);
    expect(isSignedByAny(new Map([['a', '1']]), publicKeys)).toBe(false);
    expect(isSignedByAny(new Map(Object.entries({ a: '1', sign: '' })), publicKeys)).toBe(false);
    expect(isSignedByAny(new Map(Object.entries({ a: '1', sign: 'é' })), publicKeys)).toBe(false);
    expect(isSignedByAny(new Map(Object.entries({ a: '1', sign: signature })), [])).toBe(false);
  });
});
