/** Opening what the gateway sends: parse, signature, then and only then the content. */
import type { KeyObject } from 'node:crypto';
import type { UnknownCause } from '../../domain/evidence.js';
import { isSignedByAny } from './codepay-signature.js';
import { CODE_SUCCESS, SIGN_TYPE } from './codepay-wire.js';
import { decodeUtf8, readJsonFields, type WireFields } from './codepay-wire-text.js';

/** A reply whose signature was verified. */
export interface SignedReply {
  readonly code: string;
  readonly isSuccess: boolean;
  /** `code`, `msg`, `psn` and whatever else stands beside `data`. */
  readonly envelope: WireFields;
  /** The business fields; `null` when there are none that can be read. */
  readonly data: WireFields | null;
}

export type OpenedReply =
  | { readonly isOpened: true; readonly reply: SignedReply }
  | { readonly isOpened: false; readonly cause: UnknownCause; readonly detail: string };

/** Why a message counts as unsigned, or `null` when it carries an RSA2 signature. An absent `sign_type` is RSA2. */
export function missingSignature(fields: WireFields): string | null {
  const signType = fields.get('sign_type') ?? '';
  if (signType !== '' && signType !== SIGN_TYPE) return 'its sign_type is not RSA2';
  return (fields.get('sign') ?? '') === '' ? 'it carries no signature' : null;
}

/** The nested business fields: an object, or the JSON text of one. */
export function readData(fields: WireFields): WireFields | null {
  const data = fields.get('data') ?? '';
  return data === '' ? null : readJsonFields(data);
}

/** Opens a reply. Fails closed: no keys, no signature or a wrong one leave nothing of it. */
export function openReply(bytes: Uint8Array, publicKeys: readonly KeyObject[]): OpenedReply {
  const text = decodeUtf8(bytes);
  const envelope = text === null ? null : readJsonFields(text);
  if (envelope === null) return unopened('not_understood', 'the reply is no JSON object');
  const missing = missingSignature(envelope);
  if (missing !== null) return unopened('unsigned', `the reply is not signed: ${missing}`);
  if (!isSignedByAny(envelope, publicKeys)) {
    return unopened('wrong_signature', 'no known key of the gateway has signed the reply');
  }
  const code = envelope.get('code') ?? '';
  if (code === '') return unopened('not_understood', 'the reply has no code');
  const data = readData(envelope);
  return { isOpened: true, reply: { code, isSuccess: code === CODE_SUCCESS, envelope, data } };
}

function unopened(cause: UnknownCause, detail: string): OpenedReply {
  return { isOpened: false, cause, detail };
}
