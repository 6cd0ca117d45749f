/** One workflow in memory: what it waits for, and what it asks for. The functions of workflow-api.ts act on it. */
import { ApplicationFailure, TemporalFailure } from '@temporalio/common';
import { setWorkflowTime } from '../kernel/clock.js';
import { quiescence } from '../kernel/timeline.js';
import {
  type ActivityOptions,
  type ActivityOutcome,
  type Command,
  type Job,
  type LocalResult,
  transported,
} from './history.js';
import { activityFailure, ContinueAsNew, ordered } from './job-order.js';

export type WorkflowFunction = (...args: readonly unknown[]) => Promise<unknown>;
type Handler = (...args: readonly unknown[]) => unknown;

export interface RunInfo {
  readonly runId: string;
  readonly workflowId: string;
  readonly taskQueue: string;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly type: string;
}

let current: Activator | null = null;

/** @throws {Error} outside of a workflow */
export function activator(): Activator {
  if (current === null) throw new Error('a function of workflows was called outside of one');
  return current;
}

export class Activator {
  readonly info: RunInfo;
  readonly searchAttributes = new Map<string, unknown>();
  readonly handlers = new Map<string, Handler>();
  readonly pending = new Map<string, Waiting>();
  /** Local activities that were asked for and have not ended. */
  readonly openLocals = new Map<number, Command & { readonly kind: 'local_activity' }>();
  isContinuationSuggested = false;
  /** Handlers of signals and updates that have begun and not ended. */
  runningHandlers = 0;
  /** Completed tasks of the history that this instance has seen. */
  tasksSeen = 0;
  /** A defect: thrown by workflow code as something that is no failure of Temporal's. */
  defect: Error | null = null;
  #commands: Command[] = [];
  readonly #conditions = new Set<{ readonly holds: () => boolean; readonly resolve: () => void }>();
  readonly #buffered: { readonly key: string; readonly deliver: () => void }[] = [];
  readonly #sequences = { timer: 0, activity: 0 };
  readonly #start: () => Promise<unknown>;
  #hasStarted = false;

  constructor(info: RunInfo, workflow: WorkflowFunction, args: readonly unknown[]) {
    this.info = info;
    this.#start = () => workflow(...transported(args));
  }

  /** Tells the workflow what happened, and lets it run until it waits again. @returns what it asked for */
  async activate(jobs: readonly Job[], nowMs: number): Promise<readonly Command[]> {
    return await this.#running(nowMs, () => {
      for (const job of ordered(jobs)) this.#deliver(job);
      if (!this.#hasStarted) this.#begin();
    });
  }

  async resolveLocal({ sequence, outcome, atMs }: LocalResult): Promise<readonly Command[]> {
    return await this.#running(atMs, () => {
      this.openLocals.delete(sequence);
      this.#settleActivity(sequence, outcome);
    });
  }

  /** @returns the answer of a query's handler; `undefined` while there is none */
  query(name: string): unknown {
    current = this;
    try {
      return transported(this.handlers.get(`query/${name}`)?.());
    } finally {
      current = null;
    }
  }

  command(command: Command): void {
    this.#commands.push(command);
  }

  async until(holds: () => boolean): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve) => {
      this.#conditions.add({ holds, resolve });
    });
  }

  startTimer(delayMs: number): { readonly sequence: number; readonly fired: Promise<unknown> } {
    this.#sequences.timer += 1;
    const sequence = this.#sequences.timer;
    const fired = this.#waiting(`timer/${sequence}`, 'timer');
    this.command({ kind: 'timer', sequence, delayMs });
    return { sequence, fired };
  }

  cancelTimer(sequence: number, error: Error): void {
    const waiting = this.pending.get(`timer/${sequence}`);
    if (waiting === undefined) return;
    this.pending.delete(`timer/${sequence}`);
    this.command({ kind: 'cancel_timer', sequence });
    waiting.reject(error);
  }

  callActivity(
    kind: 'activity' | 'local_activity',
    type: string,
    args: readonly unknown[],
    options: ActivityOptions,
  ): Promise<unknown> {
    this.#sequences.activity += 1;
    const sequence = this.#sequences.activity;
    const asked = { sequence, type, args: transported(args), options };
    if (kind === 'local_activity') this.openLocals.set(sequence, { kind, ...asked });
    this.command({ kind, ...asked });
    return this.#waiting(`activity/${sequence}`, type);
  }

  setHandler(key: string, handler: Handler): void {
    this.handlers.set(key, handler);
    const waiting = this.#buffered.splice(0);
    for (const each of waiting) {
      if (each.key === key) each.deliver();
      else this.#buffered.push(each);
    }
  }

  async #running(nowMs: number, act: () => void): Promise<readonly Command[]> {
    current = this;
    setWorkflowTime(nowMs);
    this.#commands = [];
    try {
      act();
      do await quiescence();
      while (this.#unblock());
    } finally {
      current = null;
      setWorkflowTime(null);
    }
    if (this.defect !== null) throw this.defect;
    return this.#commands;
  }

  #unblock(): boolean {
    let hasUnblocked = false;
    for (const condition of [...this.#conditions]) {
      if (!condition.holds()) continue;
      this.#conditions.delete(condition);
      condition.resolve();
      hasUnblocked = true;
    }
    return hasUnblocked;
  }

  #begin(): void {
    this.#hasStarted = true;
    this.#start().then(
      (result) => this.command({ kind: 'complete', result: transported(result) }),
      (error: unknown) => {
        if (error instanceof ContinueAsNew) {
          this.command({ kind: 'continue_as_new', args: transported(error.args) });
        } else if (error instanceof TemporalFailure) {
          this.command({ kind: 'fail', message: error.message });
        } else this.#fail(error);
      },
    );
  }

  #fail(error: unknown): void {
    this.defect ??= error instanceof Error ? error : new Error(String(error));
  }

  #deliver(job: Job): void {
    switch (job.kind) {
      case 'signal':
        this.#handle(`signal/${job.name}`, job.args, () => {});
        return;
      case 'update':
        this.#handle(`update/${job.name}`, job.args, (outcome) =>
          this.command({ kind: 'update_completed', updateId: job.updateId, outcome }),
        );
        return;
      case 'activity':
        this.#settleActivity(job.sequence, job.outcome);
        return;
      case 'timer':
        this.pending.get(`timer/${job.sequence}`)?.resolve(undefined);
        this.pending.delete(`timer/${job.sequence}`);
    }
  }

  #handle(
    key: string,
    args: readonly unknown[],
    ended: (outcome: (Command & { readonly kind: 'update_completed' })['outcome']) => void,
  ): void {
    const handler = this.handlers.get(key);
    if (handler === undefined) {
      this.#buffered.push({ key, deliver: () => this.#handle(key, args, ended) });
      return;
    }
    this.runningHandlers += 1;
    Promise.resolve()
      .then(() => handler(...transported(args)))
      .then(
        (result) => ended({ is: 'completed', result: transported(result) }),
        (error: unknown) => {
          if (!(error instanceof ApplicationFailure)) return this.#fail(error);
          ended({ is: 'failed', message: error.message, type: error.type ?? '' });
        },
      )
      .finally(() => {
        this.runningHandlers -= 1;
      });
  }

  #waiting(key: string, type: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.pending.set(key, { resolve, reject, type });
    });
  }

  #settleActivity(sequence: number, outcome: ActivityOutcome): void {
    const key = `activity/${sequence}`;
    const waiting = this.pending.get(key);
    if (waiting === undefined) return;
    this.pending.delete(key);
    if (outcome.is === 'completed') waiting.resolve(outcome.result);
    else waiting.reject(activityFailure(waiting.type, sequence, outcome));
  }
}
