/** The console's sessions that a logout ended before their time. All methods throw when MongoDB does not answer. */
export interface EndedSessionStore {
  /** Ended twice is ended. @param expiresAt when it would have ended by itself; kept until it has */
  add(id: string, expiresAt: Date): Promise<void>;
  /** @returns those of the ids that have been added */
  among(ids: readonly string[]): Promise<readonly string[]>;
}
