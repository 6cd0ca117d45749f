/** Stands in for a Temporal client: as much of it as src/temporal/temporal-order-messenger.ts uses. */
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, type SearchAttributePair } from '@temporalio/common';
import { never, type SimulatedProcess } from '../kernel/simulated-process.js';
import { transported, type UpdateOutcome } from './history.js';
import type { RunStart } from './run.js';
import type { SimulatedTemporal } from './simulated-temporal.js';

/** gRPC status codes. */
const UNAVAILABLE = 14;
const NOT_FOUND = 5;
const ABORTED = 10;

const USUAL_MS_MAX = 5;
const SLOW_MS_MAX = 5_000;

interface StartOptions {
  readonly workflowId: string;
  readonly args: readonly unknown[];
  readonly typedSearchAttributes?: { getAll(): readonly SearchAttributePair[] };
}

interface SignalOptions extends StartOptions {
  readonly signal: { readonly name: string };
  readonly signalArgs: readonly unknown[];
}

interface UpdateOptions {
  readonly args: readonly unknown[];
  readonly updateId?: string;
  readonly startWorkflowOperation: {
    readonly workflowTypeOrFunc: string;
    readonly options: StartOptions;
  };
}

function serviceError(code: number): Error {
  return Object.assign(new Error(`grpc ${code}`), { code, details: `grpc ${code}`, metadata: {} });
}

function runStart(
  type: string,
  { workflowId, args, typedSearchAttributes }: StartOptions,
): RunStart {
  const pairs = typedSearchAttributes?.getAll() ?? [];
  const attributes = new Map(pairs.map(({ key, value }) => [key.name, value as unknown]));
  return { workflowId, type, args: transported(args), attributes };
}

export class SimulatedClient {
  readonly options = { namespace: 'default' };
  readonly #process: SimulatedProcess;
  readonly #temporal: SimulatedTemporal;
  #updates = 0;

  constructor(process: SimulatedProcess, temporal: SimulatedTemporal) {
    this.#process = process;
    this.#temporal = temporal;
  }

  /** As the messenger's constructor takes it. */
  get asClient(): Client {
    return this as unknown as Client;
  }

  /** The messenger bounds every call by a timer of its own; that is the one deadline here. */
  async withDeadline<R>(_endMs: number, call: () => Promise<R>): Promise<R> {
    return await call();
  }

  readonly workflow = {
    signalWithStart: async (type: string, options: SignalOptions): Promise<void> => {
      const args = transported(options.signalArgs);
      await this.#request<null>(`signal/${options.signal.name}`, (reply) => {
        this.#temporal.signal(runStart(type, options), options.signal.name, args);
        reply(null);
      });
    },

    start: async (type: string, options: StartOptions): Promise<void> => {
      await this.#request<null>(`start/${type}`, (reply) => {
        this.#temporal.started(runStart(type, options));
        reply(null);
      });
    },

    executeUpdateWithStart: async (
      { name }: { readonly name: string },
      options: UpdateOptions,
    ): Promise<unknown> => {
      const { workflowTypeOrFunc, options: start } = options.startWorkflowOperation;
      this.#updates += 1;
      const updateId = options.updateId ?? `${this.#process.name}-${this.#updates}`;
      const job = { kind: 'update', updateId, name, args: transported(options.args) } as const;
      const outcome = await this.#request<UpdateOutcome>(`update/${name}`, (reply, refuse) => {
        this.#temporal.update(runStart(workflowTypeOrFunc, start), job, {
          settle: reply,
          refuse: () => refuse(serviceError(this.#updates % 2 === 0 ? NOT_FOUND : ABORTED)),
        });
      });
      if (outcome.is === 'completed') return outcome.result;
      const cause = ApplicationFailure.nonRetryable(outcome.message, outcome.type);
      throw new WorkflowUpdateFailedError('the update failed', cause);
    },
  };

  /** A request and its reply, each of which may be late or lost. */
  #request<T>(
    place: string,
    effect: (reply: (value: T) => void, refuse: (error: Error) => void) => void,
  ): Promise<T> {
    const process = this.#process;
    if (!process.isAlive) return never();
    const { timeline, faults, outages } = this.#temporal;
    const isDown = outages.isDown('temporal');
    const isUnavailable = faults.strikes('temporal.unavailable', place);
    if (isDown || isUnavailable) return this.#unavailable();
    if (faults.strikes('temporal.request_lost', place)) return never();
    const isReplyLost = faults.strikes('temporal.reply_lost', place);
    const isSlow = faults.strikes('temporal.slow', place);
    const delayMs = isSlow
      ? faults.delayMs('temporal.slow', 100, SLOW_MS_MAX)
      : faults.delayMs('temporal.request', 1, USUAL_MS_MAX);
    return new Promise<T>((resolve, reject) => {
      const later = (act: () => void) => {
        if (isReplyLost) return;
        timeline.after(faults.delayMs('temporal.reply', 1, USUAL_MS_MAX), () => {
          if (process.isAlive) act();
        });
      };
      timeline.after(delayMs, () => {
        if (outages.isDown('temporal')) return later(() => reject(serviceError(UNAVAILABLE)));
        effect(
          (value) => later(() => resolve(value)),
          (error) => later(() => reject(error)),
        );
      });
    });
  }

  #unavailable<T>(): Promise<T> {
    const { timeline, faults } = this.#temporal;
    return new Promise<T>((_resolve, reject) => {
      timeline.after(faults.delayMs('temporal.unavailable', 1, SLOW_MS_MAX), () => {
        if (this.#process.isAlive) reject(serviceError(UNAVAILABLE));
      });
    });
  }
}
