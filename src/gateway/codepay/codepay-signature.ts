/** RSA2: SHA256withRSA (PKCS#1 v1.5) over the canonical text, standard base64. Source: CodePay Open API, section Sign. */
import { constants, type KeyObject, sign, verify } from 'node:crypto';
import { signingContent } from '../../domain/signing-content.js';

const ALGORITHM = 'RSA-SHA256';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The signature of the fields, base64. A field named `sign` does not enter. */
export function signFields(
  fields: ReadonlyMap<string, string | null>,
  privateKey: KeyObject,
): string {
  const content = Buffer.from(signingContent(fields), 'utf8');
  const key = { key: privateKey, padding: constants.RSA_PKCS1_PADDING };
  return sign(ALGORITHM, content, key).toString('base64');
}

/**
 * Whether `sign` is a signature of all the other fields by one of the keys. Without a signature or without keys the
 * answer is no: CodePay's own SDK says yes there.
 * @param publicKeys several while a key is rotated
 */
export function isSignedByAny(
  fields: ReadonlyMap<string, string | null>,
  publicKeys: readonly KeyObject[],
): boolean {
  const signature = fields.get('sign') ?? '';
  if (!BASE64.test(signature)) return false;
  const bytes = Buffer.from(signature, 'base64');
  const content = Buffer.from(signingContent(fields), 'utf8');
  return publicKeys.some((key) =>
    verify(ALGORITHM, content, { key, padding: constants.RSA_PKCS1_PADDING }, bytes),
  );
}
