/** Answers that a run has durably taken in: the audit must come to hold them. */

interface Taken {
  readonly merchantOrderNo: string;
  readonly evidenceId: string;
}

export class TakenEvidence {
  #taken: Taken[] = [];
  /** Of runs that were lost while their workers were busy with it: a run that nobody knows may write it once more. */
  readonly orphaned = new Set<string>();

  add(merchantOrderNo: string, evidenceId: string): void {
    this.#taken.push({ merchantOrderNo, evidenceId });
  }

  /** Runs were lost with all that they had taken in and not yet written. */
  forgetAll(): void {
    this.#taken = [];
  }

  get all(): readonly Taken[] {
    return this.#taken;
  }
}
