import type { CookieOptions, Request, Response } from 'express';

const NAME = 'console_session';
/**
 * Browsers take a cookie of such a name only from https and only as Secure, so that nobody on plain http can plant one.
 * The stronger `__Host-` would want the path `/`: every address of this host would be sent the cookie.
 */
const SECURE_PREFIX = '__Secure-';
const PATH = '/console';

/** A request, and what is known of how it came. */
interface Arrival {
  readonly request: Request;
  /** Where the service is reached from outside. */
  readonly publicUrl: string;
}

export interface CookiePlace extends Arrival {
  readonly response: Response;
}

/**
 * The values that a request brings for the session's cookie. More than one when another cookie of the same name was set
 * for a part of the path or by a neighbouring host. The plain name counts for nothing where the other one is used.
 */
export function sessionCookies(request: Request, publicUrl: string): readonly string[] {
  const begin = `${cookieName({ request, publicUrl })}=`;
  return (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(begin))
    .map((pair) => pair.slice(begin.length));
}

/** @param expiresAtMs epoch milliseconds: the browser forgets the cookie when the session ends */
export function setSessionCookie(place: CookiePlace, value: string, expiresAtMs: number): void {
  const options = { ...cookieOptions(place), expires: new Date(expiresAtMs) };
  place.response.cookie(cookieName(place), value, options);
}

export function clearSessionCookie(place: CookiePlace): void {
  place.response.clearCookie(cookieName(place), cookieOptions(place));
}

function cookieName(arrival: Arrival): string {
  return isReachedByHttps(arrival) ? SECURE_PREFIX + NAME : NAME;
}

/** Scripts cannot read it, other sites cannot send it along, and it goes to nothing but the console. */
function cookieOptions(arrival: Arrival): CookieOptions {
  return {
    httpOnly: true,
    sameSite: 'strict',
    path: PATH,
    // The trial runs on plain http, where browsers would drop a cookie that is marked so.
    secure: isReachedByHttps(arrival),
  };
}

function isReachedByHttps({ request, publicUrl }: Arrival): boolean {
  return request.secure || publicUrl.startsWith('https:');
}
