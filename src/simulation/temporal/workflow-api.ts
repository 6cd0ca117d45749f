/**
 * Stands in for `@temporalio/workflow` in the bundle: as much of it as src/workflows uses, on the simulated Temporal.
 * Anything else is missing, and a workflow that begins to use it fails to build here.
 */
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  type Duration,
  TimeoutFailure,
} from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { activator } from './activator.js';
import { type ActivityOptions, transported } from './history.js';
import { ContinueAsNew } from './job-order.js';

export { ActivityFailure, ApplicationFailure, TimeoutFailure };

interface Definition {
  readonly type: 'signal' | 'update' | 'query';
  readonly name: string;
}

const definition =
  (type: Definition['type']) =>
  (name: string): Definition => ({ type, name });
export const defineSignal = definition('signal');
export const defineUpdate = definition('update');
export const defineQuery = definition('query');

export function setHandler(
  { type, name }: Definition,
  handler: (...args: readonly unknown[]) => unknown,
): void {
  activator().setHandler(`${type}/${name}`, handler);
}

export function condition(holds: () => boolean): Promise<void> {
  return activator().until(holds);
}

export function allHandlersFinished(): boolean {
  return activator().runningHandlers === 0;
}

export function isCancellation(error: unknown): boolean {
  if (error instanceof CancelledFailure) return true;
  return error instanceof ActivityFailure && error.cause instanceof CancelledFailure;
}

/** The scope in which the workflow is right now: between a scope's begin and the first await in it. */
let currentScope: CancellationScope | null = null;

/** Cancels the timers that were started at its very begin; the service uses scopes for nothing else. */
export class CancellationScope {
  readonly #cancellations: (() => void)[] = [];

  async run<T>(work: () => Promise<T>): Promise<T> {
    const outer = currentScope;
    currentScope = this;
    const working = work();
    currentScope = outer;
    return await working;
  }

  cancel(): void {
    for (const cancel of this.#cancellations.splice(0)) cancel();
  }

  onCancel(cancel: () => void): void {
    this.#cancellations.push(cancel);
  }
}

export async function sleep(delayMs: number): Promise<void> {
  const workflow = activator();
  const { sequence, fired } = workflow.startTimer(Math.max(1, delayMs));
  currentScope?.onCancel(() => {
    workflow.cancelTimer(sequence, new CancelledFailure('the timer was canceled'));
  });
  await fired;
}

export async function continueAsNew(...args: readonly unknown[]): Promise<never> {
  throw new ContinueAsNew(args);
}

/** Code does not change within a seed: what was patched is patched. */
export function patched(id: string): boolean {
  activator().command({ kind: 'patch', id });
  return true;
}

export function setCurrentDetails(): void {}

/** Which build takes a run is the server's matter. */
export function setWorkflowOptions(): void {}

interface AttributePair {
  readonly key: { readonly name: string };
  readonly value: unknown;
}

export function upsertSearchAttributes(pairs: readonly AttributePair[]): void {
  const workflow = activator();
  for (const { key, value } of pairs) workflow.searchAttributes.set(key.name, value);
  workflow.command({ kind: 'attributes', text: JSON.stringify(transported(pairs)) });
}

export function workflowInfo() {
  const { info, searchAttributes, isContinuationSuggested } = activator();
  return {
    ...info,
    continueAsNewSuggested: isContinuationSuggested,
    typedSearchAttributes: {
      get: ({ name }: { readonly name: string }) => searchAttributes.get(name),
    },
  };
}

interface ProxyOptions {
  readonly taskQueue?: string;
  readonly startToCloseTimeout: Duration;
  readonly scheduleToStartTimeout?: Duration;
  readonly scheduleToCloseTimeout?: Duration;
  readonly retry?: {
    readonly initialInterval?: Duration;
    readonly backoffCoefficient?: number;
    readonly maximumInterval?: Duration;
    readonly maximumAttempts?: number;
  };
}

type Activities = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;

export function proxyActivities(options: ProxyOptions): Activities {
  return proxyOf('activity', options);
}

export function proxyLocalActivities(options: ProxyOptions): Activities {
  return proxyOf('local_activity', options);
}

function proxyOf(kind: 'activity' | 'local_activity', options: ProxyOptions): Activities {
  const durations = durationsOf(options);
  return new Proxy<Activities>(
    {},
    {
      get:
        (_target, type) =>
        (...args: readonly unknown[]) =>
          activator().callActivity(kind, String(type), args, durations),
    },
  );
}

/** Where nothing is said, what Temporal takes. */
function durationsOf(options: ProxyOptions): ActivityOptions {
  const { retry = {} } = options;
  const milliseconds = (duration: Duration | undefined) =>
    duration === undefined ? null : msToNumber(duration);
  const initialMs = milliseconds(retry.initialInterval) ?? 1_000;
  return {
    taskQueue: options.taskQueue ?? null,
    startToCloseMs: msToNumber(options.startToCloseTimeout),
    scheduleToStartMs: milliseconds(options.scheduleToStartTimeout),
    scheduleToCloseMs: milliseconds(options.scheduleToCloseTimeout),
    retry: {
      initialMs,
      coefficient: retry.backoffCoefficient ?? 2,
      maximumMs: milliseconds(retry.maximumInterval) ?? 100 * initialMs,
      attemptsMax: retry.maximumAttempts ?? null,
    },
  };
}
