/**
 * Makes the keys and secrets of a trial with the simulator, once; a second run changes nothing. Not for production,
 * where the keys are the merchant's and CodePay's. Arguments: the merchant's folder and the simulated gateway's.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEY_BITS = 2_048;
const SECRET_BYTES = 24;

const [merchantFolder, gatewayFolder] = process.argv.slice(2);
if (merchantFolder === undefined || gatewayFolder === undefined) {
  process.stderr.write('usage: node trial-secrets.mjs <merchant folder> <gateway folder>\n');
  process.exit(2);
}

/** Written last: where it is, everything is. */
const serviceFile = join(merchantFolder, 'service.env');
if (existsSync(serviceFile)) {
  process.stdout.write(`kept what is in ${merchantFolder} and ${gatewayFolder}\n`);
} else {
  for (const folder of [merchantFolder, gatewayFolder]) mkdirSync(folder, { recursive: true });
  const merchant = keyPair();
  const gateway = keyPair();
  write(join(merchantFolder, 'merchant-private.pem'), merchant.privateKey);
  write(join(merchantFolder, 'gateway-public.pem'), gateway.publicKey);
  write(join(gatewayFolder, 'gateway-private.pem'), gateway.privateKey);
  write(join(gatewayFolder, 'merchant-public.pem'), merchant.publicKey);
  const audit = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  write(join(merchantFolder, 'audit-private.pem'), audit.privateKey);
  write(join(merchantFolder, 'audit-public.pem'), audit.publicKey);
  const lines = [
    `API_KEYS=trial:${secret()}`,
    `OPS_TOKENS=trial:${secret()}`,
    `VERIFY_TOKEN_SECRET=${secret()}`,
  ];
  write(serviceFile, `${lines.join('\n')}\n`);
  process.stdout.write(`made keys and secrets in ${merchantFolder} and ${gatewayFolder}\n`);
}

function keyPair() {
  return generateKeyPairSync('rsa', {
    modulusLength: KEY_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

function secret() {
  return randomBytes(SECRET_BYTES).toString('hex');
}

function write(path, text) {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
