import { createHash, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config/config.js';
import type { NamedCredential, Scope } from '../config/credentials.js';
import { VERIFY_TOKEN_PREFIX } from './verify-token.js';

/** Who calls. A payer's token is only a claim until the order it is used for is known. */
export type Caller =
  | { readonly kind: 'merchant'; readonly name: string; readonly scopes: readonly Scope[] }
  | { readonly kind: 'operator'; readonly name: string; readonly scopes: readonly Scope[] }
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
    const merchant = credentialOf(merchants, hash);
    if (merchant !== null) return { kind: 'merchant', ...merchant };
    const operator = credentialOf(operators, hash);
    if (operator !== null) return { kind: 'operator', ...operator };
    if (credential.startsWith(VERIFY_TOKEN_PREFIX)) return { kind: 'payer', token: credential };
    return null;
  };
}

interface HashedCredential extends Pick<NamedCredential, 'name' | 'scopes'> {
  readonly hash: Buffer;
}

function hashed(credentials: readonly NamedCredential[]): readonly HashedCredential[] {
  return credentials.map(({ name, scopes, sha256: hash }) => ({
    name,
    scopes,
    hash: Buffer.from(hash.reveal(), 'hex'),
  }));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Compares with every credential, so that the time tells nothing about which one is close. */
function credentialOf(
  credentials: readonly HashedCredential[],
  given: Buffer,
): Pick<NamedCredential, 'name' | 'scopes'> | null {
  let found: Pick<NamedCredential, 'name' | 'scopes'> | null = null;
  for (const { hash, name, scopes } of credentials) {
    if (timingSafeEqual(hash, given)) found = { name, scopes };
  }
  return found;
}
