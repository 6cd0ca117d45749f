/**
 * RSA keys as people have them: PEM (PKCS#1, PKCS#8, SPKI) or the bare base64 of the DER that CodePay's Java samples
 * and its dashboard use. Source: CodePay Open API, section Sign.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** Shorter moduli are refused. Source: CodePay Open API, section Sign: RSA 2048. */
export const RSA_MODULUS_BITS_MIN = 2048;

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Thrown when a text is no usable RSA key. The message says what is wrong and never holds any of the text. */
export class KeyFormatError extends Error {
  readonly code = 'key_format';

  constructor(message: string) {
    super(message);
    this.name = 'KeyFormatError';
  }
}

/**
 * The merchant's private key, from PEM or bare base64 DER, PKCS#1 or PKCS#8.
 * @throws {KeyFormatError} when it is no unencrypted RSA private key of 2048 bits or more
 */
export function parsePrivateKey(text: string): KeyObject {
  const blocks = readBlocks(text);
  const [block] = blocks;
  if (block === undefined) throw new KeyFormatError('the private key is empty');
  if (blocks.length > 1) throw new KeyFormatError('exactly one private key is expected');
  if (block.label?.includes('PUBLIC') || block.label === 'CERTIFICATE') {
    throw new KeyFormatError('a private key is expected, this is a public one');
  }
  if (block.label?.includes('ENCRYPTED') || block.text.includes('Proc-Type')) {
    throw new KeyFormatError('the private key is encrypted; give it without a passphrase');
  }
  const key =
    block.label === null
      ? privateKeyFromDer(block.text)
      : firstOf(['pem'] as const, () => createPrivateKey(block.text));
  if (key === null) {
    throw new KeyFormatError('not an RSA private key in PEM or base64 DER (PKCS#1 or PKCS#8)');
  }
  return requireRsa(key);
}

/**
 * The gateway's public keys: one, or several while it is rotated, one after the other or separated by commas or line
 * ends. From PEM or bare base64 DER, SPKI or PKCS#1.
 * @throws {KeyFormatError} when there is none, or one of them is no RSA public key of 2048 bits or more
 */
export function parsePublicKeys(text: string): KeyObject[] {
  const blocks = readBlocks(text);
  if (blocks.length === 0) throw new KeyFormatError('the public key is empty');
  return blocks.map((block) => {
    // Node derives a public key from a private one: a swapped pair of files would go unnoticed.
    const isPrivate =
      block.label === null
        ? privateKeyFromDer(block.text) !== null
        : block.label.includes('PRIVATE');
    if (isPrivate) {
      throw new KeyFormatError('a public key is expected, this is a private one');
    }
    const key = block.label === null ? publicKeyFromDer(block.text) : publicKeyFromPem(block);
    if (key === null) {
      throw new KeyFormatError('not an RSA public key in PEM or base64 DER (SPKI or PKCS#1)');
    }
    return requireRsa(key);
  });
}

interface KeyBlock {
  /** What the PEM armour says; `null` for bare base64. */
  readonly label: string | null;
  readonly text: string;
}

function readBlocks(text: string): KeyBlock[] {
  // An environment variable often holds its line ends as a backslash and an n.
  const given = text.replaceAll('\\r', '').replaceAll('\\n', '\n').trim();
  if (!given.includes('-----')) return given === '' ? [] : splitBase64(given);
  const blocks = [...given.matchAll(PEM_BLOCK)].map((match) => ({
    label: match[1] ?? '',
    text: match[0],
  }));
  const rest = given.replaceAll(PEM_BLOCK, '').replaceAll(/[\s,]/g, '');
  if (rest !== '' || blocks.length === 0) {
    throw new KeyFormatError('the PEM armour is broken, or there is text around it');
  }
  return blocks;
}

/** Base64 may be wrapped, and keys may stand one per line: lines are joined until they make a whole DER structure. */
function splitBase64(text: string): KeyBlock[] {
  const blocks: KeyBlock[] = [];
  for (const part of text.split(',')) {
    let pending = '';
    for (const line of part.split(/\s+/).filter((piece) => piece !== '')) {
      pending += line;
      if (isWholeDer(pending)) {
        blocks.push({ label: null, text: pending });
        pending = '';
      }
    }
    if (pending !== '') throw new KeyFormatError('neither PEM nor whole base64 of a DER key');
  }
  return blocks;
}

/** A DER sequence says its own length. Source: ITU-T X.690, 8.1.3. */
function isWholeDer(base64: string): boolean {
  if (!BASE64.test(base64)) return false;
  const bytes = Buffer.from(base64, 'base64');
  const lengthOctets = (bytes[1] ?? 0) & 0x7f;
  if (bytes[0] !== 0x30 || lengthOctets === 0 || lengthOctets > 4) return false;
  if (bytes.length < 2 + lengthOctets) return false;
  return bytes.length === 2 + lengthOctets + bytes.readUIntBE(2, lengthOctets);
}

function privateKeyFromDer(base64: string): KeyObject | null {
  const key = Buffer.from(base64, 'base64');
  return firstOf(['pkcs8', 'pkcs1'] as const, (type) =>
    createPrivateKey({ key, format: 'der', type }),
  );
}

function publicKeyFromDer(base64: string): KeyObject | null {
  const key = Buffer.from(base64, 'base64');
  return firstOf(['spki', 'pkcs1'] as const, (type) =>
    createPublicKey({ key, format: 'der', type }),
  );
}

function publicKeyFromPem(block: KeyBlock): KeyObject | null {
  if (block.label !== 'PUBLIC KEY' && block.label !== 'RSA PUBLIC KEY') return null;
  return firstOf(['pem'] as const, () => createPublicKey(block.text));
}

/** OpenSSL's own errors are dropped: they help nobody, and what they may quote is not ours to decide. */
function firstOf<T>(types: readonly T[], read: (type: T) => KeyObject): KeyObject | null {
  for (const type of types) {
    try {
      return read(type);
    } catch {}
  }
  return null;
}

function requireRsa(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'rsa') {
    throw new KeyFormatError(`an RSA key is expected, this is ${key.asymmetricKeyType}`);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < RSA_MODULUS_BITS_MIN) {
    throw new KeyFormatError(
      `the RSA key has ${bits} bits, at least ${RSA_MODULUS_BITS_MIN} are needed`,
    );
  }
  return key;
}
