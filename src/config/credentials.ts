/** API_KEYS and OPS_TOKENS: who may call, with what, and what for. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Secret } from './secret.js';

/**
 * What a credential is for. `read`: lists, orders, audits, exports, verify. `write`: orders, payments, cancels.
 * `refund`: giving money back. `operate`: everything that operators do beyond reading.
 */
export type Scope = 'read' | 'write' | 'refund' | 'operate';

export const API_KEY_SCOPES: readonly Scope[] = ['read', 'write', 'refund'];
export const OPS_TOKEN_SCOPES: readonly Scope[] = ['read', 'operate'];

/** One API key or ops token. Several may have the same name while a key is rotated. */
export interface NamedCredential {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the key, lower-case hexadecimal: all that is needed to recognise it. */
  readonly sha256: Secret<string>;
  /** `null` when only the hash was given. */
  readonly key: Secret<string> | null;
}

const NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const KEY = /^[!-~]{16,512}$/;
const HASH_MARK = 'sha256=';
const HASH = /^[0-9a-fA-F]{64}$/;
/** `name:key`, or `name[read+write]:key`. */
const ENTRY = /^([^:[\]]*)(?:\[([^:[\]]*)\])?:(.*)$/;

/** Lower-case hexadecimal. A fast hash is enough: keys are random, and none is short enough to be guessed. */
export function sha256Of(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** @returns the entry with all scopes that are allowed when it names none; `null` when it is not well formed */
export function parseCredential(text: string, allowed: readonly Scope[]): NamedCredential | null {
  const [, name = '', scopeText, value = ''] = ENTRY.exec(text) ?? [];
  const scopes = scopeText === undefined ? allowed : scopesOf(scopeText, allowed);
  if (!NAME.test(name) || scopes === null) return null;
  if (!value.startsWith(HASH_MARK)) {
    if (!KEY.test(value)) return null;
    return { name, scopes, sha256: new Secret(sha256Of(value)), key: new Secret(value) };
  }
  const hash = value.slice(HASH_MARK.length);
  if (!HASH.test(hash)) return null;
  return { name, scopes, sha256: new Secret(hash.toLowerCase()), key: null };
}

function scopesOf(text: string, allowed: readonly Scope[]): readonly Scope[] | null {
  const named = text.split('+');
  const known = allowed.filter((scope) => named.includes(scope));
  return known.length === new Set(named).size ? known : null;
}

/** Reads a variable that lists credentials, separated by commas. */
export function credentialsSchema(allowed: readonly Scope[]) {
  return z.string().transform((text, context) => {
    const entries = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    const credentials = entries.map((entry) => parseCredential(entry, allowed));
    if (credentials.every((credential) => credential !== null)) return credentials;
    context.addIssue({
      code: 'custom',
      message: `must be name:value pairs separated by commas, each value of 16 to 512 printable ASCII characters without spaces, or sha256= and 64 hexadecimal digits; a name may be followed by what it is for, such as [${allowed.join('+')}]`,
    });
    return z.NEVER;
  });
}

/**
 * Adds to the problems, by name, what stands for the same key: whoever sends it would be taken for only one of them, and
 * a key that one entry limits could do everything by the other.
 */
export function checkKeysDiffer(credentials: readonly NamedCredential[], problems: string[]): void {
  const names = new Map<string, string>();
  for (const { name, sha256 } of credentials) {
    const other = names.get(sha256.reveal());
    if (other !== undefined) {
      problems.push(`API_KEYS and OPS_TOKENS: "${other}" and "${name}" stand for the same key`);
    }
    names.set(sha256.reveal(), name);
  }
}
