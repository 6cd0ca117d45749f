/** Keys and tokens that the trial mode invents once and keeps in its data folder, readable by the user alone. */
import { generateKeyPair, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const RSA_BITS = 2_048;
const TOKEN_BYTES = 24;
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

export interface KeyPairFiles {
  readonly privateKeyFile: string;
  readonly publicKeyFile: string;
}

export interface TrialSecrets {
  readonly merchant: KeyPairFiles;
  /** The keys of the simulated gateway. */
  readonly gateway: KeyPairFiles;
  /** Signs the checkpoints of the audit. */
  readonly audit: KeyPairFiles;
  readonly apiKey: string;
  readonly opsToken: string;
  readonly verifyTokenSecret: string;
}

/** Reads the secrets, after inventing those that are not there. */
export async function trialSecrets(dataDir: string): Promise<TrialSecrets> {
  const folder = join(dataDir, 'secrets');
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  await chmod(folder, FOLDER_MODE);
  return {
    merchant: await keyPair(folder, 'merchant', rsaPair),
    gateway: await keyPair(folder, 'gateway', rsaPair),
    audit: await keyPair(folder, 'audit', ed25519Pair),
    apiKey: await token(folder, 'api-key'),
    opsToken: await token(folder, 'ops-token'),
    verifyTokenSecret: await token(folder, 'verify-token-secret'),
  };
}

interface PemPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

const rsaPair = (): Promise<PemPair> =>
  promisify(generateKeyPair)('rsa', {
    modulusLength: RSA_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

const ed25519Pair = (): Promise<PemPair> =>
  promisify(generateKeyPair)('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

async function keyPair(
  folder: string,
  name: string,
  invent: () => Promise<PemPair>,
): Promise<KeyPairFiles> {
  const privateKeyFile = join(folder, `${name}-private-key.pem`);
  const publicKeyFile = join(folder, `${name}-public-key.pem`);
  if (!existsSync(privateKeyFile) || !existsSync(publicKeyFile)) {
    const pair = await invent();
    await writeWhole(publicKeyFile, pair.publicKey);
    await writeWhole(privateKeyFile, pair.privateKey);
  }
  return { privateKeyFile, publicKeyFile };
}

async function token(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  if (!existsSync(file)) await writeWhole(file, randomBytes(TOKEN_BYTES).toString('base64url'));
  return (await readFile(file, 'utf8')).trim();
}

/** A run that is killed here leaves no half of a key behind. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: FILE_MODE });
  await rename(`${file}.new`, file);
}
