import { Secret } from './secret.js';
import type { Variables } from './variables.js';

/** Source: Standard Webhooks specification, Signature scheme: 24 to 64 bytes. */
const SECRET_BYTES_MIN = 24;
const SECRET_BYTES_MAX = 64;
const SECRET_PREFIX = 'whsec_';

/** Where events are sent, and what signs them. */
export interface MerchantWebhook {
  readonly url: string;
  /** Each one signs, so that a receiver may know the old or the new one. */
  readonly secrets: readonly Secret<string>[];
  /** The receiver is on a network of ours: addresses of it and plain http are allowed. */
  readonly allowsPrivateAddresses: boolean;
}

/** Adds what is wrong to the problems. @returns `null` when events are sent nowhere, or when something is wrong */
export function readMerchantWebhook(values: Variables, problems: string[]): MerchantWebhook | null {
  const { MERCHANT_WEBHOOK_URL: url, MERCHANT_WEBHOOK_SECRET: secrets } = values;
  if (url === undefined) return null;
  const allowsPrivateAddresses = values.TRIAL_MODE || values.MERCHANT_WEBHOOK_PRIVATE;
  const found = [
    ...(secrets?.length > 0
      ? []
      : ['MERCHANT_WEBHOOK_SECRET is missing: MERCHANT_WEBHOOK_URL needs it']),
    ...(secrets?.every(isSigningSecret) === false
      ? [
          'MERCHANT_WEBHOOK_SECRET must be whsec_ and the base64 of 24 to 64 bytes, several separated by commas',
        ]
      : []),
    ...addressProblems(new URL(url), allowsPrivateAddresses),
  ];
  problems.push(...found);
  if (found.length > 0) return null;
  return { url, secrets: secrets.map((secret) => new Secret(secret)), allowsPrivateAddresses };
}

function addressProblems(
  { protocol, username, password }: URL,
  allowsPrivateAddresses: boolean,
): readonly string[] {
  return [
    ...(protocol === 'https:' || allowsPrivateAddresses
      ? []
      : ['MERCHANT_WEBHOOK_URL must begin with https://']),
    // They would show in logs; the signature is what tells the receiver who sends.
    ...(username === '' && password === ''
      ? []
      : ['MERCHANT_WEBHOOK_URL must hold no user name or password']),
  ];
}

/** `whsec_` and the base64 of 24 to 64 bytes. */
export function isSigningSecret(text: string): boolean {
  if (!text.startsWith(SECRET_PREFIX)) return false;
  const encoded = text.slice(SECRET_PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64');
  return (
    bytes.toString('base64') === encoded &&
    bytes.length >= SECRET_BYTES_MIN &&
    bytes.length <= SECRET_BYTES_MAX
  );
}
