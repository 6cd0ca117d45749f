/** RSA keys in the configuration: every form people have them in, from a variable or a file, and never shown. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { COMPLETE, problemsOf, vector } from '../support/complete-environment.js';

const folder = mkdtempSync(join(tmpdir(), 'payment-orders-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('keys', () => {
  it.each([
    'rsa2048.pkcs1.pem',
    'rsa2048.pkcs8.pem',
    'rsa2048.pkcs1.base64',
    'rsa2048.pkcs8.base64',
  ])('when the private key is %s, then it is the same key', (file) => {
    const config = readConfig({ ...COMPLETE, CODEPAY_PRIVATE_KEY: vector(file) });
    const expected = readConfig(COMPLETE).codepay.privateKey.reveal();
    expect(config.codepay.privateKey.reveal().equals(expected)).toBe(true);
  });

  it.each([
    'rsa2048.spki.pem',
    'rsa2048.spki.base64',
    'rsa2048.public-pkcs1.pem',
    'rsa2048.public-pkcs1.base64',
  ])('when the public key is %s, then it is the same key', (file) => {
    const config = readConfig({ ...COMPLETE, CODEPAY_PUBLIC_KEY: vector(file) });
    const [expected] = readConfig(COMPLETE).codepay.publicKeys;
    expect(expected && config.codepay.publicKeys[0]?.equals(expected)).toBe(true);
  });

  it('when line ends are written as backslash and n, then the key is read', () => {
    const escaped = vector('rsa2048.pkcs8.pem').replaceAll('\n', '\\n');
    expect(problemsOf({ CODEPAY_PRIVATE_KEY: escaped })).toEqual([]);
  });

  it('when the gateway rotates its key, then several are read', () => {
    const both = `${vector('rsa2048.spki.pem')},${vector('other.spki.pem')}`;
    expect(readConfig({ ...COMPLETE, CODEPAY_PUBLIC_KEY: both }).codepay.publicKeys).toHaveLength(
      2,
    );
  });

  it('when keys are given as files, then they are read from there, and a variable wins over its file', () => {
    const privateFile = join(folder, 'private.pem');
    const publicFile = join(folder, 'public.pem');
    writeFileSync(privateFile, COMPLETE.CODEPAY_PRIVATE_KEY);
    writeFileSync(publicFile, vector('other.spki.pem'));
    const { CODEPAY_PRIVATE_KEY: _private, CODEPAY_PUBLIC_KEY: publicKey, ...rest } = COMPLETE;
    const files = {
      ...rest,
      CODEPAY_PRIVATE_KEY_FILE: privateFile,
      CODEPAY_PUBLIC_KEY_FILE: publicFile,
    };
    const [fromFile] = readConfig(files).codepay.publicKeys;
    const [fromVariable] = readConfig({ ...files, CODEPAY_PUBLIC_KEY: publicKey }).codepay
      .publicKeys;
    expect(fromFile).toBeDefined();
    expect(fromFile && fromVariable?.equals(fromFile)).toBe(false);
  });

  it('when a key file is missing or holds no key, then its variable is named and its content is not', () => {
    const file = join(folder, 'not-a-key.pem');
    writeFileSync(file, 'not-a-key-but-perhaps-a-secret');
    for (const path of [file, join(folder, 'absent.pem')]) {
      const problems = problemsOf({
        CODEPAY_PRIVATE_KEY: undefined,
        CODEPAY_PRIVATE_KEY_FILE: path,
      });
      expect(problems).toEqual([expect.stringMatching(/^CODEPAY_PRIVATE_KEY_FILE: /)]);
      expect(problems.join()).not.toContain('perhaps-a-secret');
    }
  });

  it.each([
    ['CODEPAY_PRIVATE_KEY', 'rsa1024.pem'],
    ['CODEPAY_PRIVATE_KEY', 'ec.pem'],
    ['CODEPAY_PRIVATE_KEY', 'encrypted.pem'],
    ['CODEPAY_PRIVATE_KEY', 'rsa2048.spki.pem'],
    ['CODEPAY_PUBLIC_KEY', 'rsa1024.spki.pem'],
    ['CODEPAY_PUBLIC_KEY', 'rsa2048.pkcs8.pem'],
  ])('when %s is %s, then it is refused and no part of it is shown', (name, file) => {
    const text = vector(file);
    const problems = problemsOf({ [name]: text });
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
    const lines = text.split('\n').filter((line) => line.length > 20 && !line.startsWith('-'));
    for (const line of lines) expect(problems.join()).not.toContain(line);
  });
});
