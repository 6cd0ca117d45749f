/** Callbacks as bytes on the wire, framed in every way. */
import { signingContent } from '../../src/domain/signing-content.js';
import { readJsonFields } from '../../src/gateway/codepay/codepay-wire-text.js';

/** What a callback may be refused with, in the words of the API. */
export const REFUSALS = [
  ...['malformed_body', 'signature_missing', 'signature_invalid', 'app_unknown'],
  ...['payload_too_large', 'unsupported_media_type'],
];

/** What of a JSON body is signed. */
export function contentOf(body: Buffer): string {
  return signingContent(readJsonFields(body.toString('utf8')) ?? new Map());
}

/** Content types; `null` for none. */
export const CALLBACK_TYPES: readonly (string | null)[] = [
  ...[null, '', '/', 'application', 'application/json;', 'application/json;charset=utf-16'],
  ...['application/json; charset=utf-7', 'application/json; charset="', 'text/plain', 'text/xml'],
  ...['multipart/form-data', 'multipart/form-data; boundary=', 'application/x-json', '*/*'],
  ...['application/json, text/plain', 'application/cbor', `application/${'x'.repeat(9_000)}`],
  ...['application/json; charset=utf-8; charset=utf-16', '\u00e9/\u00ff', '__proto__/constructor'],
];

/** The head of a callback, with more lines at its end. */
export function callbackHead(...lines: readonly string[]): Buffer {
  const head = [
    'POST /v1/webhooks/codepay HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    'Connection: close',
  ];
  return Buffer.from([...head, ...lines, '', ''].join('\r\n'));
}

/** A whole callback, its body sent in these chunks. */
export function inChunks(parts: readonly Buffer[]): Buffer {
  const chunks = parts.flatMap((part) => [
    Buffer.from(`${part.length.toString(16)}\r\n`),
    part,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([
    callbackHead('Transfer-Encoding: chunked'),
    ...chunks,
    Buffer.from('0\r\n\r\n'),
  ]);
}
