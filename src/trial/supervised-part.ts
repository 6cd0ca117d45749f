import type { Writable } from 'node:stream';
import { type ManagedProcess, type ProcessSpecification, startProcess } from './managed-process.js';
import type { ProcessGuard } from './process-guard.js';
import { waitUntilReady } from './readiness.js';

const RESTART_DELAY_FIRST_MS = 500;
const RESTART_DELAY_MAX_MS = 30_000;
/** A part that ran this long has recovered: its next restart waits no longer than the first one did. */
const STEADY_MS = 60_000;

export interface PartSpecification extends ProcessSpecification {
  readonly name: string;
  readonly probe: () => Promise<boolean>;
  readonly readyDeadlineMs: number;
  readonly stopGraceMs: number;
}

export interface PartSurroundings {
  readonly guard: ProcessGuard;
  readonly log: Writable;
  readonly onLine: (line: string) => void;
  /** Told what a person should know: that it died, and that it is back. */
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

/** One process of the trial service. It is started again, with growing pauses, when it ends by itself. */
export class SupervisedPart {
  private child: ManagedProcess | null = null;
  private restartTimer: NodeJS.Timeout | null = null;
  private restartDelayMs = RESTART_DELAY_FIRST_MS;
  private stopping = false;

  constructor(
    private readonly specification: PartSpecification,
    private readonly surroundings: PartSurroundings,
  ) {}

  get name(): string {
    return this.specification.name;
  }

  /**
   * Starts the process for the first time and returns when it answers.
   * @throws {TrialError} `not_ready` with its last lines; then it has been ended
   */
  async start(): Promise<void> {
    const child = await startProcess(this.specification, this.surroundings);
    this.child = child;
    try {
      await this.untilReady(child);
    } catch (error) {
      this.stopping = true;
      child.kill('SIGKILL');
      await child.ended;
      throw error;
    }
    this.watch(child);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.restartTimer !== null) clearTimeout(this.restartTimer);
    await this.child?.stop(this.specification.stopGraceMs);
  }

  /** Ends it at once. */
  kill(): void {
    this.stopping = true;
    this.child?.kill('SIGKILL');
  }

  private async untilReady(child: ManagedProcess): Promise<void> {
    const { name, probe, readyDeadlineMs } = this.specification;
    const { signal } = this.surroundings;
    await waitUntilReady(child, { name, probe, signal, deadlineMs: readyDeadlineMs });
  }

  private watch(child: ManagedProcess): void {
    const startedMs = Date.now();
    void child.ended.then((how) => {
      if (this.stopping) return;
      if (Date.now() - startedMs >= STEADY_MS) this.restartDelayMs = RESTART_DELAY_FIRST_MS;
      const delayMs = this.restartDelayMs;
      this.restartDelayMs = Math.min(delayMs * 2, RESTART_DELAY_MAX_MS);
      this.surroundings.note(`${this.name} ${how}; starting it again in ${delayMs / 1_000} s`);
      this.restartTimer = setTimeout(() => void this.restart(), delayMs);
    });
  }

  private async restart(): Promise<void> {
    if (this.stopping) return;
    try {
      const child = await startProcess(this.specification, this.surroundings);
      this.child = child;
      if (this.stopping) child.kill('SIGKILL');
      this.watch(child);
      await this.untilReady(child);
      this.surroundings.note(`${this.name} is back`);
    } catch (error) {
      // A process that died again is being started once more by its watch; one that hangs is left to recover.
      if (!this.stopping)
        this.surroundings.note(error instanceof Error ? error.message : String(error));
    }
  }
}
