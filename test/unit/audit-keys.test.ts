/** The keys of the audit: what is taken, what is refused, and that nothing of a key is shown. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { auditKeyId } from '../../src/audit/checkpoint.js';
import { parseAuditPublicKeys, parseAuditSigningKey } from '../../src/config/audit-keys.js';
import { readConfig } from '../../src/config/config.js';
import { COMPLETE, problemsOf, vector } from '../support/complete-environment.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

describe('the signing key', () => {
  it.each([
    ['PEM', pem],
    ['PEM in one line', pem.replaceAll('\n', '\\n')],
    ['bare base64', privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')],
  ])('when it is %s, then it is the same key', (_form, text) => {
    expect(auditKeyId(parseAuditSigningKey(text))).toBe(auditKeyId(publicKey));
  });

  it.each([
    ['an RSA key', vector('rsa2048.pkcs8.pem')],
    ['a public key', publicPem],
    ['no key', 'hello'],
  ])('when it is %s, then the start is refused without a word of it', (_form, text) => {
    expect(problemsOf({ AUDIT_SIGNING_KEY: text })).toEqual([
      'AUDIT_SIGNING_KEY: an unencrypted Ed25519 private key (PKCS#8) is expected',
    ]);
  });

  it('when there is none, then the service starts, and signs nothing', () => {
    expect(readConfig(COMPLETE).audit).toEqual({ signingKey: null, checkpointIntervalMs: 600_000 });
    const config = readConfig({ ...COMPLETE, AUDIT_SIGNING_KEY: pem, CHECKPOINT_INTERVAL: '1m' });
    expect(config.audit.checkpointIntervalMs).toBe(60_000);
    expect(JSON.stringify(config.audit)).toContain('[secret]');
  });
});

describe('the verification keys', () => {
  it('when there are several while one is rotated, then all are taken', () => {
    const other = generateKeyPairSync('ed25519').publicKey;
    const text = publicPem + other.export({ type: 'spki', format: 'pem' });
    expect(parseAuditPublicKeys(text).map(auditKeyId)).toEqual(
      [createPublicKey(privateKey), other].map(auditKeyId),
    );
  });

  it.each([
    ['a private key', pem],
    ['an RSA key', vector('rsa2048.spki.pem')],
  ])('when it is %s, then it is refused', (_form, text) => {
    expect(() => parseAuditPublicKeys(text)).toThrow(
      'an Ed25519 public key (SPKI PEM) is expected',
    );
  });
});
