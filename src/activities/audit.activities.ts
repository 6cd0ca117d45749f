export interface AuditActivityDependencies {
  /** One round of checkpoints; returns how many it made. `null` without a signing key: then there are none. */
  readonly makeCheckpoints: (() => Promise<number>) | null;
}

export interface CheckpointReport {
  readonly checkpointsMade: number;
}

/** Idempotent: a round that was repeated finds what it has done. */
export function createAuditActivities({ makeCheckpoints }: AuditActivityDependencies) {
  return {
    async makeCheckpoint(): Promise<CheckpointReport> {
      return { checkpointsMade: (await makeCheckpoints?.()) ?? 0 };
    },
  };
}

export type AuditActivities = ReturnType<typeof createAuditActivities>;
