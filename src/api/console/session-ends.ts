/** Sessions that a logout ended: stored, so that every process of the API knows of it. */
import type { EndedSessionStore } from '../../store/ended-session-store.js';
import { withDeadline } from '../deadline.js';
import { unavailable } from '../problem.js';
import type { Session } from './console-sessions.js';

/** MongoDB that has not answered by then counts as away. */
const DEADLINE_MS = 2_500;

export interface SessionEnds {
  /**
   * Ends a session at all processes: no copy of its cookie opens anything any more.
   * @throws {DomainError} `unavailable`: it may have been done, and may be asked for again
   */
  end(session: Session): Promise<void>;
  /**
   * @returns those of the ids whose sessions were ended
   * @throws {DomainError} `unavailable`: it is not known, so that nobody may be let in
   */
  among(ids: readonly string[]): Promise<ReadonlySet<string>>;
}

export function createSessionEnds(endedSessions: EndedSessionStore): SessionEnds {
  return {
    async end({ id, expiresAtMs }) {
      const adding = endedSessions.add(id, new Date(expiresAtMs));
      await answered(adding, 'The session could not be ended. Log out again.');
    },
    async among(ids) {
      const asked = 'Whether this session was ended cannot be asked now. Repeat the call later.';
      return new Set(await answered(endedSessions.among(ids), asked));
    },
  };
}

async function answered<T>(work: Promise<T>, safeMessage: string): Promise<T> {
  try {
    return await withDeadline(work, DEADLINE_MS, 'the ended sessions');
  } catch (error) {
    throw unavailable(safeMessage, error);
  }
}
