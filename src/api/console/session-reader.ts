import type { Request } from 'express';
import type { ConsoleSessions, Session } from './console-sessions.js';
import { sessionCookies } from './session-cookie.js';
import type { SessionEnds } from './session-ends.js';

/**
 * @returns the session that the request's cookie opens, `null` when there is none or it has ended
 * @throws {DomainError} `unavailable` when it cannot be found out whether it was ended
 */
export type SessionReader = (request: Request) => Promise<Session | null>;

export function createSessionReader(ports: {
  readonly sessions: Pick<ConsoleSessions, 'read'>;
  readonly ends: Pick<SessionEnds, 'among'>;
  readonly publicUrl: string;
}): SessionReader {
  const { sessions, ends, publicUrl } = ports;
  return async (request) => {
    const signed = sessionCookies(request, publicUrl)
      .map((value) => sessions.read(value))
      .filter((session) => session !== null);
    // What was not signed here asks MongoDB nothing: strangers cause no work.
    if (signed.length === 0) return null;
    const ended = await ends.among(signed.map(({ id }) => id));
    return signed.find(({ id }) => !ended.has(id)) ?? null;
  };
}
