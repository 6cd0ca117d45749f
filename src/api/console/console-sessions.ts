/**
 * The console's sessions. The cookie's value is the session, signed, so that every process of the API knows it. Stored is
 * only which ones were ended before their time: that is asked elsewhere.
 */
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type NamedCredential, type Scope, sha256Of } from '../../config/credentials.js';
import type { Secret } from '../../config/secret.js';
import { isSameText } from '../constant-time.js';
import { createAuthenticator } from '../credentials.js';

/** One working day with its breaks; nobody is logged in over night. */
export const SESSION_LENGTH_MS = 43_200_000;

/** Far longer than any value of ours: longer ones are not looked at. */
const VALUE_LENGTH_MAX = 1_024;
const KEY_BYTES = 32;
const NONCE_BYTES = 16;

/** Separates the keys from each other and from every other use of the secret. */
const LABELS = {
  session: 'payment-orders console session v1',
  csrf: 'payment-orders console csrf v1',
  fingerprint: 'payment-orders console token fingerprint v1',
} as const;

/** Who works at the console, until when. */
export interface Session {
  /** What its end is stored under: a hash, which opens nothing. */
  readonly id: string;
  readonly operator: string;
  readonly scopes: readonly Scope[];
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;
  /** Known to the pages of this session alone: another site cannot send it along. */
  readonly csrfToken: string;
}

export interface ConsoleSessions {
  /** @returns the new session and the value of its cookie; `null` for what is no operator's token */
  open(token: string): { readonly session: Session; readonly value: string } | null;
  /**
   * @returns the session of a cookie's value, which a logout may have ended; `null` when it was not signed here, is over,
   * or when the token it was opened with is no longer among the operators' tokens
   */
  read(value: string): Session | null;
}

const payloadSchema = z.strictObject({
  operator: z.string(),
  expiresAtMs: z.int(),
  fingerprint: z.string(),
  /** Two sessions of one operator have nothing in common. */
  nonce: z.string(),
});

type SessionPayload = z.output<typeof payloadSchema>;

/** @param options.secret the service's secret, from which keys are derived for this purpose alone */
export function createConsoleSessions(options: {
  readonly opsTokens: readonly NamedCredential[];
  readonly secret: Secret<string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}): ConsoleSessions {
  const { opsTokens, secret, now } = options;
  const authenticate = createAuthenticator({ apiKeys: [], opsTokens });
  const sign = signers(secret);
  const tokens = opsTokens.map(({ name, scopes, sha256 }) => ({
    name,
    scopes,
    fingerprint: sign.fingerprint(sha256.reveal()),
  }));
  const currentToken = (operator: string, fingerprint: string) =>
    tokens.find((token) => token.name === operator && isSameText(fingerprint, token.fingerprint));
  const read = (value: string): Session | null => {
    if (value.length > VALUE_LENGTH_MAX) return null;
    const [encoded = ''] = value.split('.', 1);
    if (!isSameText(value, `${encoded}.${sign.session(encoded)}`)) return null;
    const payload = payloadOf(encoded);
    if (payload === null || payload.expiresAtMs <= now()) return null;
    const { operator, expiresAtMs, fingerprint, nonce } = payload;
    const token = currentToken(operator, fingerprint);
    if (token === undefined) return null;
    const id = sha256Of(nonce);
    return { id, operator, scopes: token.scopes, expiresAtMs, csrfToken: sign.csrf(encoded) };
  };
  return {
    read,
    open(token) {
      const caller = authenticate(`Bearer ${token}`);
      if (caller?.kind !== 'operator') return null;
      const payload: SessionPayload = {
        operator: caller.name,
        expiresAtMs: now() + SESSION_LENGTH_MS,
        fingerprint: sign.fingerprint(sha256Of(token)),
        nonce: randomBytes(NONCE_BYTES).toString('base64url'),
      };
      const encoded = Buffer.from(JSON.stringify(payload)).toString('base64url');
      const value = `${encoded}.${sign.session(encoded)}`;
      const session = read(value);
      return session === null ? null : { session, value };
    },
  };
}

function signers(secret: Secret<string>) {
  const signer = (label: string) => {
    const key = Buffer.from(hkdfSync('sha256', secret.reveal(), '', label, KEY_BYTES));
    return (text: string) => createHmac('sha256', key).update(text).digest('base64url');
  };
  return {
    session: signer(LABELS.session),
    csrf: signer(LABELS.csrf),
    fingerprint: signer(LABELS.fingerprint),
  };
}

/** Only of what was signed here. One of an earlier version of the service is another shape, and ended. */
function payloadOf(encoded: string): SessionPayload | null {
  try {
    const parsed = payloadSchema.safeParse(
      JSON.parse(Buffer.from(encoded, 'base64url').toString()),
    );
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
