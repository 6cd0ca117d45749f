/** Ed25519 keys of the audit checkpoints: one signs, one or several verify while the key is rotated. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { KeyFormatError } from '../gateway/codepay/codepay-keys.js';

const PUBLIC_BLOCK = /-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g;

/**
 * The key that signs checkpoints: PKCS#8 PEM, line ends may be written as `\n`, or the bare base64 of the DER.
 * @throws {KeyFormatError} when it is no unencrypted Ed25519 private key; the text is never part of the message
 */
export function parseAuditSigningKey(text: string): KeyObject {
  const key = privateKeyOf(text.trim().replaceAll('\\n', '\n'));
  if (key?.asymmetricKeyType !== 'ed25519') {
    throw new KeyFormatError('an unencrypted Ed25519 private key (PKCS#8) is expected');
  }
  return key;
}

/**
 * The keys that checkpoints are verified with: SPKI PEM, one after the other.
 * @throws {KeyFormatError} when there is none, or one of them is no Ed25519 public key
 */
export function parseAuditPublicKeys(text: string): readonly KeyObject[] {
  const blocks = text.match(PUBLIC_BLOCK) ?? [];
  if (blocks.length === 0) throw new KeyFormatError('an Ed25519 public key (SPKI PEM) is expected');
  return blocks.map((block) => {
    const key = publicKeyOf(block);
    if (key?.asymmetricKeyType !== 'ed25519') {
      throw new KeyFormatError('an Ed25519 public key (SPKI PEM) is expected');
    }
    return key;
  });
}

function privateKeyOf(text: string): KeyObject | null {
  try {
    return text.startsWith('-----')
      ? createPrivateKey(text)
      : createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
  } catch {
    // The library's message may quote the key.
    return null;
  }
}

function publicKeyOf(text: string): KeyObject | null {
  try {
    return createPublicKey(text);
  } catch {
    return null;
  }
}
