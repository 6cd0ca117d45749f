import { readFormFields, readJsonFields, type WireFields } from './codepay-wire-text.js';

/** @returns what reads a body of this media type; `null` when it is neither JSON nor a form, or not in UTF-8 */
export function callbackBodyReader(
  contentType: string | undefined,
): ((text: string) => WireFields | null) | null {
  const [mediaType = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters
    .map((parameter) => parameter.trim())
    .find((p) => p.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) return null;
  if (mediaType.trim() === 'application/json') return readJsonFields;
  return mediaType.trim() === 'application/x-www-form-urlencoded' ? readFormFields : null;
}
