/** Callbacks as somebody would make them who knows everything but the gateway's key, and as the gateway makes them. */
import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { signingContent } from '../../src/domain/signing-content.js';
import { type CallbackFields, callbackFields } from '../api/api-environment.js';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  /** SPKI PEM, as in CODEPAY_PUBLIC_KEY. */
  readonly publicPem: string;
}

export function newKeyPair(): KeyPair {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const publicPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { ...pair, publicPem };
}

export function contentOf(fields: CallbackFields): string {
  return signingContent(
    new Map(Object.entries(fields).map(([name, value]) => [name, String(value)])),
  );
}

export interface Signing {
  /** @default 'sha256' */
  readonly hash?: string;
  /** @default RSA_PKCS1_PADDING */
  readonly padding?: number;
}

/** @returns base64 */
export function signatureOf(
  fields: CallbackFields,
  key: KeyObject,
  { hash = 'sha256', padding = constants.RSA_PKCS1_PADDING }: Signing = {},
): string {
  return sign(hash, Buffer.from(contentOf(fields)), { key, padding }).toString('base64');
}

/** The JSON text of a callback with this signature. */
export function withSignature(fields: CallbackFields, signature: unknown): string {
  return JSON.stringify({ ...fields, sign: signature });
}

/** What the gateway itself would send. */
export function genuine(
  merchantOrderNo: string,
  key: KeyObject,
  overrides: CallbackFields = {},
): string {
  const fields = callbackFields(merchantOrderNo, overrides);
  return withSignature(fields, signatureOf(fields, key));
}

/** As an HTML form sends it. */
export function asForm(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}

export const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
