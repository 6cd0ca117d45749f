import { createHash, timingSafeEqual } from 'node:crypto';
import type { Config, NamedSecret } from '../config/config.js';
import { VERIFY_TOKEN_PREFIX } from './verify-token.js';

/** Who calls. A payer's token is only a claim until the order it is used for is known. */
export type Caller =
  | { readonly kind: 'merchant'; readonly name: string }
  | { readonly kind: 'operator'; readonly name: string }
  | { readonly kind: 'payer'; readonly token: string };

export type CallerKind = Caller['kind'];

/** Reads the Authorization header. @returns `null` when there is no valid credential in it */
export type Authenticator = (authorization: string | undefined) => Caller | null;

export function createAuthenticator(config: Pick<Config, 'apiKeys' | 'opsTokens'>): Authenticator {
  const merchants = hashed(config.apiKeys);
  const operators = hashed(config.opsTokens);
  return (authorization) => {
    const credential = /^Bearer ([!-~]{1,512})$/i.exec(authorization ?? '')?.[1];
    if (credential === undefined) return null;
    const hash = sha256(credential);
    const merchant = nameOf(merchants, hash);
    if (merchant !== null) return { kind: 'merchant', name: merchant };
    const operator = nameOf(operators, hash);
    if (operator !== null) return { kind: 'operator', name: operator };
    if (credential.startsWith(VERIFY_TOKEN_PREFIX)) return { kind: 'payer', token: credential };
    return null;
  };
}

interface HashedCredential {
  readonly name: string;
  readonly hash: Buffer;
}

function hashed(secrets: readonly NamedSecret[]): readonly HashedCredential[] {
  return secrets.map(({ name, value }) => ({ name, hash: sha256(value.reveal()) }));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Compares with every credential, so that the time tells nothing about which one is close. */
function nameOf(credentials: readonly HashedCredential[], hash: Buffer): string | null {
  let found: string | null = null;
  for (const credential of credentials) {
    if (timingSafeEqual(credential.hash, hash)) found = credential.name;
  }
  return found;
}
