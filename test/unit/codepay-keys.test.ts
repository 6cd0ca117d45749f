import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  KeyFormatError,
  parsePrivateKey,
  parsePublicKeys,
} from '../../src/gateway/codepay/codepay-keys.js';

function vector(name: string): string {
  return readFileSync(new URL(`vectors/${name}`, import.meta.url), 'utf8');
}

const fingerprint = (key: KeyObject): string =>
  (key.type === 'private' ? createPublicKey(key) : key)
    .export({ type: 'spki', format: 'der' })
    .toString('base64');

const ours = vector('rsa2048.spki.base64').replaceAll('\n', '');
const other = vector('other.spki.pem');
const otherBase64 = other.replaceAll(/-----.*-----|\n/g, '');

describe('a private key', () => {
  it.each([
    ['PKCS#1 PEM', vector('rsa2048.pkcs1.pem')],
    ['PKCS#8 PEM', vector('rsa2048.pkcs8.pem')],
    ['PKCS#1 base64', vector('rsa2048.pkcs1.base64')],
    ['PKCS#8 base64', vector('rsa2048.pkcs8.base64')],
    ['wrapped base64', vector('rsa2048.pkcs8.base64').replaceAll(/.{64}/g, '$&\r\n')],
    ['PEM with written line ends', vector('rsa2048.pkcs8.pem').replaceAll('\n', '\\n')],
  ])('when given as %s, then it is the same key', (_, text) => {
    expect(fingerprint(parsePrivateKey(text))).toBe(ours);
  });

  it.each([
    ['nothing', ' \n', /empty/],
    ['a public key', vector('rsa2048.spki.pem'), /this is a public one/],
    ['a public key in base64', vector('rsa2048.spki.base64'), /not an RSA private key/],
    ['an encrypted key', vector('encrypted.pem'), /passphrase/],
    ['a key of 1024 bits', vector('rsa1024.pem'), /1024 bits/],
    ['an elliptic curve key', vector('ec.pem'), /this is ec/],
    ['two keys', vector('rsa2048.pkcs1.pem') + vector('rsa2048.pkcs8.pem'), /exactly one/],
    ['half a PEM', vector('rsa2048.pkcs8.pem').slice(0, 900), /armour is broken/],
    ['half a base64', vector('rsa2048.pkcs8.base64').slice(0, 900), /whole base64/],
    ['a word', 'secret', /whole base64/],
  ])('when it is %s, then it is refused and no key text is told', (_, text, message) => {
    const error = thrown(() => parsePrivateKey(text));
    expect(error).toBeInstanceOf(KeyFormatError);
    expect(error.message).toMatch(message);
    expect(error.cause).toBeUndefined();
    const lines = text.split(/\s+/).filter((line) => line.length > 20);
    for (const line of lines) expect(String(error.stack)).not.toContain(line);
  });
});

describe('public keys', () => {
  it.each([
    ['SPKI PEM', vector('rsa2048.spki.pem')],
    ['PKCS#1 PEM', vector('rsa2048.public-pkcs1.pem')],
    ['wrapped SPKI base64', vector('rsa2048.spki.base64')],
    ['PKCS#1 base64', vector('rsa2048.public-pkcs1.base64')],
  ])('when given as %s, then it is the same key', (_, text) => {
    expect(parsePublicKeys(text).map(fingerprint)).toEqual([ours]);
  });

  it.each([
    ['PEM after PEM', vector('rsa2048.spki.pem') + other],
    ['PEM with commas', `${vector('rsa2048.spki.pem')},${other}`],
    ['base64 with commas', `${ours},${otherBase64}`],
    ['base64 one a line', `${ours}\n${otherBase64}\n`],
    ['wrapped base64 one after the other', `${vector('rsa2048.spki.base64')}${otherBase64}`],
  ])('when several are given as %s, then all are there, in order', (_, text) => {
    expect(parsePublicKeys(text).map(fingerprint)).toEqual([ours, otherBase64]);
  });

  it.each([
    ['nothing', '', /empty/],
    ['a private key', vector('rsa2048.pkcs8.pem'), /this is a private one/],
    ['a private key in base64', vector('rsa2048.pkcs8.base64'), /this is a private one/],
    ['one of 1024 bits', vector('rsa2048.spki.pem') + vector('rsa1024.spki.pem'), /1024 bits/],
    ['a key with text beside it', `${vector('rsa2048.spki.pem')}hello`, /text around it/],
  ])('when one is %s, then all are refused', (_, text, message) => {
    expect(thrown(() => parsePublicKeys(text)).message).toMatch(message);
  });
});

function thrown(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
