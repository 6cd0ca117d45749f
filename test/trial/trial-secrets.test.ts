import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { trialSecrets } from '../../src/trial/trial-secrets.js';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'secrets-'));
});

afterEach(async () => await rm(dataDir, { recursive: true, force: true }));

it('when secrets are invented, then only their owner can read them', async () => {
  await trialSecrets(dataDir);
  const folder = join(dataDir, 'secrets');
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  const files = await readdir(folder);
  expect(files).toHaveLength(9);
  for (const file of files) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
});

it('when they are there, then they stay the same', async () => {
  const first = await trialSecrets(dataDir);
  const key = await readFile(first.merchant.privateKeyFile, 'utf8');
  expect(await trialSecrets(dataDir)).toEqual(first);
  expect(await readFile(first.merchant.privateKeyFile, 'utf8')).toBe(key);
});

it('when they are read, then keys are RSA pairs of their own, and tokens long enough for the configuration', async () => {
  const secrets = await trialSecrets(dataDir);
  const publicKeys = new Set<string>();
  for (const { privateKeyFile, publicKeyFile } of [secrets.merchant, secrets.gateway]) {
    const privateKey = createPrivateKey(await readFile(privateKeyFile));
    expect(privateKey.asymmetricKeyType).toBe('rsa');
    expect(privateKey.asymmetricKeyDetails?.modulusLength).toBe(2_048);
    const published = createPublicKey(await readFile(publicKeyFile));
    expect(published.equals(createPublicKey(privateKey))).toBe(true);
    publicKeys.add(published.export({ type: 'spki', format: 'pem' }).toString());
  }
  expect(publicKeys.size).toBe(2);
  const tokens = [secrets.apiKey, secrets.opsToken, secrets.verifyTokenSecret];
  expect(new Set(tokens).size).toBe(3);
  for (const token of tokens) expect(token.length).toBeGreaterThanOrEqual(32);
});
