import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Secret } from '../config/secret.js';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals callback bodies, which may hold payer data, before they are stored or travel through Temporal. */
export interface BodySealer {
  seal(body: Buffer): string;
  /** @throws when the text was altered or sealed under another secret */
  open(sealedBody: string): Buffer;
}

/** The key is derived from the service's secret for this purpose alone. */
export function createBodySealer(secret: Secret<string>): BodySealer {
  const key = Buffer.from(
    hkdfSync('sha256', secret.reveal(), '', 'payment-orders callback body v1', 32),
  );
  return {
    seal(body) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce);
      const sealed = Buffer.concat([cipher.update(body), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open(sealedBody) {
      const bytes = Buffer.from(sealedBody, 'base64');
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([
        decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)),
        decipher.final(),
      ]);
    },
  };
}
