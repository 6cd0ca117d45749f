/** Who is shopping: a random name in a cookie, and its hash everywhere else. */
import { createHash, randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { DomainError } from '../domain/errors.js';

const COOKIE = 'shop_customer';
const COOKIE_MAX_AGE_MS = 90 * 24 * 3_600_000;
const NAME_PATTERN = /^[A-Za-z0-9_-]{43}$/;
/** Of a name, 253 (RFC 1035), and of a port. */
const HOST_CHARACTERS_MAX = 260;
const STANDARD_PORT = /:(?:80|443)$/;

/** @returns the hash of the customer's name, or `null` for somebody who has never been here */
export function customerOf(request: Request): string | null {
  const name = cookieOf(request);
  return name === null ? null : tagOf(name);
}

/** As {@link customerOf}; gives newcomers a name. */
export function welcomeCustomer(request: Request, response: Response): string {
  const name = cookieOf(request) ?? randomBytes(32).toString('base64url');
  response.cookie(COOKIE, name, {
    httpOnly: true,
    sameSite: 'lax',
    secure: request.secure,
    path: '/demo',
    maxAge: COOKIE_MAX_AGE_MS,
  });
  return tagOf(name);
}

/** The cookie is the customer's credential: what is stored and told to the service must not be it. */
function tagOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

function cookieOf(request: Request): string | null {
  for (const pair of (request.get('Cookie') ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === COOKIE && value !== undefined && NAME_PATTERN.test(value)) return value;
  }
  return null;
}

/** The shop's own page alone may order something: a page of another origin has the customer's cookie, too. */
export const sameOriginOnly: RequestHandler = (request, _response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD' || isSameOrigin(request)) next();
  else next(new DomainError('forbidden', 'Only the pages of this shop may do this.'));
};

/** Browsers leave out `Sec-Fetch-Site` on plain http, and send `Origin` with every POST. */
function isSameOrigin(request: Request): boolean {
  const site = request.get('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin') return false;
  const origin = request.get('Origin');
  if (origin === undefined) return site === 'same-origin';
  return URL.canParse(origin) && new URL(origin).host === request.get('Host');
}

/**
 * Where the customer sees the shop, such as `http://localhost:3000`.
 * @throws {DomainError} `malformed_request` when the headers name no such place: an order keeps the address that the
 * payer comes back to
 */
export function shopOriginOf(request: Request): string {
  const origin = request.get('Origin');
  const isKnown = origin !== undefined && isSameOrigin(request);
  const host = (request.get('Host') ?? 'localhost').toLowerCase();
  const address = isKnown ? origin : `${request.protocol}://${host}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  // Anything beside the host, such as a user or a path, would be read into another one; a standard port is left out.
  const isPlain = url !== null && [host, host.replace(STANDARD_PORT, '')].includes(url.host);
  if (!isPlain || host.length > HOST_CHARACTERS_MAX || !/^https?:$/.test(url.protocol)) {
    throw new DomainError('malformed_request', 'The Host header names no place.');
  }
  return url.origin;
}
