import type { CookieOptions, Request, Response } from 'express';

const NAME = 'console_session';
const PATH = '/console';

/**
 * The values that a request brings for the session's cookie. More than one when another cookie of the same name was set
 * for a part of the path or by a neighbouring host.
 */
export function sessionCookies(request: Request): readonly string[] {
  return (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${NAME}=`))
    .map((pair) => pair.slice(NAME.length + 1));
}

export interface CookiePlace {
  readonly request: Request;
  readonly response: Response;
  /** Where the service is reached from outside. */
  readonly publicUrl: string;
}

/** @param expiresAtMs epoch milliseconds: the browser forgets the cookie when the session ends */
export function setSessionCookie(place: CookiePlace, value: string, expiresAtMs: number): void {
  place.response.cookie(NAME, value, { ...cookieOptions(place), expires: new Date(expiresAtMs) });
}

export function clearSessionCookie(place: CookiePlace): void {
  place.response.clearCookie(NAME, cookieOptions(place));
}

/** Scripts cannot read it, other sites cannot send it along, and it goes to nothing but the console. */
function cookieOptions({ request, publicUrl }: CookiePlace): CookieOptions {
  return {
    httpOnly: true,
    sameSite: 'strict',
    path: PATH,
    // The trial runs on plain http, where browsers would drop a cookie that is marked so.
    secure: request.secure || publicUrl.startsWith('https:'),
  };
}
