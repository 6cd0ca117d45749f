import type { IncomingMessage } from 'node:http';
import express, { type RequestHandler } from 'express';
import { DomainError } from '../../domain/errors.js';
import { repeatedField } from './repeated-field.js';

/** The largest body that is read, of callbacks too. */
export const BODY_BYTES_MAX = 65_536;

/** Names that reach an object's prototype in careless code. */
const REFUSED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Parses JSON bodies and refuses every other kind. A request without a body passes: its route decides. */
export function jsonBody(): RequestHandler {
  const parse = express.json({
    limit: BODY_BYTES_MAX,
    inflate: false,
    strict: false,
    reviver: acceptedKey,
    verify: refuseAmbiguousText,
  });
  return (request, response, next) => {
    if (!hasBody(request)) next();
    else if (request.is('application/json') !== false) parse(request, response, next);
    else next(new DomainError('unsupported_media_type', 'Send the body as application/json.'));
  };
}

/** Clients send length 0 with a POST that has no body. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The parser would take every Unicode encoding; JSON is exchanged in UTF-8. Source: RFC 8259, 8.1. */
function refuseAmbiguousText(
  _request: IncomingMessage,
  _response: unknown,
  body: Buffer,
  encoding: string,
): void {
  if (encoding !== 'utf-8') {
    throw new DomainError('unsupported_media_type', 'Send the body in UTF-8.');
  }
  const pointer = repeatedField(body.toString());
  if (pointer === null) return;
  throw new DomainError('malformed_body', 'A field is given more than once.', {
    fieldErrors: [{ pointer, code: 'invalid_value', detail: 'is given more than once' }],
  });
}

function acceptedKey(key: string, value: unknown): unknown {
  if (REFUSED_KEYS.has(key)) throw new SyntaxError('a key that is not accepted');
  return value;
}

/** Refuses a query parameter that is given twice or named like a prototype's field: readers disagree about both. */
export const plainQuery: RequestHandler = (request, _response, next) => {
  for (const [name, value] of Object.entries(request.query)) {
    if (Array.isArray(value) || REFUSED_KEYS.has(name)) {
      const pointer = `/query/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const detail = Array.isArray(value) ? 'is given more than once' : 'is not accepted';
      next(
        new DomainError('validation_failed', 'A query parameter is not valid.', {
          fieldErrors: [{ pointer, code: 'invalid_value', detail }],
        }),
      );
      return;
    }
  }
  next();
};
