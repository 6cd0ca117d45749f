/** One process under test: killed, paused and started again as the plan says, and started again when it dies by itself. */
import type { Writable } from 'node:stream';
import { type ManagedProcess, startProcess } from '../trial/managed-process.js';
import type { ProcessGuard } from '../trial/process-guard.js';
import { waitUntilReady } from '../trial/readiness.js';
import type { PartSpecification } from '../trial/supervised-part.js';

/** As a supervisor of processes would. */
const RESTART_DELAY_MS = 500;

export interface PartSurroundings {
  readonly guard: ProcessGuard;
  readonly log: Writable;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** Told the id of each process of it. */
  readonly onStarted: (pid: number) => void;
  /** Told when it has ended without having been told to. */
  readonly onUnexpectedEnd: (name: string, how: string) => void;
}

/** What faults do to a process. Each may be called in any state of it. */
export interface FaultyPart {
  readonly name: string;
  /** Whether we started it: another's can only be ended, and started again. */
  readonly isOurs: boolean;
  start(): Promise<void>;
  spawnAgain(): Promise<void>;
  isReady(): Promise<boolean>;
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

export class ChaosPart implements FaultyPart {
  readonly isOurs = true;
  readonly #specification: PartSpecification;
  readonly #surroundings: PartSurroundings;
  #child: ManagedProcess | null = null;
  #isWanted = false;
  #restartTimer: NodeJS.Timeout | null = null;
  #spawning: Promise<ManagedProcess> | null = null;

  constructor(specification: PartSpecification, surroundings: PartSurroundings) {
    this.#specification = specification;
    this.#surroundings = surroundings;
  }

  get name(): string {
    return this.#specification.name;
  }

  /** @throws {TrialError} `not_ready` when it does not answer in time; `interrupted` */
  async start(): Promise<void> {
    const child = await this.#spawnOnce();
    const { name, probe, readyDeadlineMs } = this.#specification;
    const { signal } = this.#surroundings;
    await waitUntilReady(child, { name, probe, signal, deadlineMs: readyDeadlineMs });
  }

  /** Starts the process and does not wait for its answer: how long that takes is what is measured. */
  async spawnAgain(): Promise<void> {
    await this.#spawnOnce();
  }

  async isReady(): Promise<boolean> {
    return this.#child?.isRunning() === true && (await this.#specification.probe());
  }

  /** Ends it as kill -9 does, and returns when it has ended. */
  async kill(): Promise<void> {
    await this.#unwant();
    this.#child?.kill('SIGKILL');
    await this.#child?.ended;
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Asks it to end in good order. */
  async stop(): Promise<void> {
    await this.#unwant();
    this.resume();
    await this.#child?.stop(this.#specification.stopGraceMs);
  }

  async #unwant(): Promise<void> {
    this.#isWanted = false;
    await this.#spawning;
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer);
    this.#restartTimer = null;
  }

  /** Two faults that end together start one process. */
  async #spawnOnce(): Promise<ManagedProcess> {
    this.#isWanted = true;
    if (this.#child?.isRunning() === true) return this.#child;
    this.#spawning ??= this.#spawn().finally(() => {
      this.#spawning = null;
    });
    return await this.#spawning;
  }

  async #spawn(): Promise<ManagedProcess> {
    const child = await startProcess(this.#specification, this.#surroundings);
    this.#child = child;
    this.#surroundings.onStarted(child.pid);
    void child.ended.then((how) => {
      if (!this.#isWanted || this.#child !== child) return;
      this.#surroundings.onUnexpectedEnd(this.name, how);
      this.#restartTimer = setTimeout(() => void this.#spawnOnce(), RESTART_DELAY_MS);
    });
    return child;
  }
}
