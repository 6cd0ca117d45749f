/** Local activities of one worker: repeated without the server's help, and known to nobody if the worker dies. */
import type { SimulatedProcess } from '../kernel/simulated-process.js';
import type { Timeline } from '../kernel/timeline.js';
import type { Activator } from './activator.js';
import { type ActivityFunctions, failure, isNonRetryable } from './activity-functions.js';
import { type ActivityOutcome, type Command, transported } from './history.js';

type LocalCommand = Command & { readonly kind: 'local_activity' };

interface Ended {
  readonly sequence: number;
  readonly outcome: ActivityOutcome;
}

interface InstanceLocals {
  readonly started: Set<number>;
  readonly ended: Ended[];
  onEnded: () => void;
}

export class LocalActivities {
  readonly #process: SimulatedProcess;
  readonly #timeline: Timeline;
  readonly #activities: ActivityFunctions;
  readonly #ofInstances = new WeakMap<Activator, InstanceLocals>();

  constructor(process: SimulatedProcess, timeline: Timeline, activities: ActivityFunctions) {
    this.#process = process;
    this.#timeline = timeline;
    this.#activities = activities;
  }

  /** Starts one, unless it runs already since an earlier task. */
  run(instance: Activator, command: LocalCommand): void {
    const locals = this.#of(instance);
    if (locals.started.has(command.sequence)) return;
    locals.started.add(command.sequence);
    this.#attempt(command, 1, (outcome) => {
      locals.ended.push({ sequence: command.sequence, outcome });
      locals.onEnded();
    });
  }

  listen(instance: Activator, onEnded: () => void): void {
    this.#of(instance).onEnded = onEnded;
  }

  takeEnded(instance: Activator): readonly Ended[] {
    return this.#of(instance).ended.splice(0);
  }

  #of(instance: Activator): InstanceLocals {
    let locals = this.#ofInstances.get(instance);
    if (locals === undefined) {
      locals = { started: new Set(), ended: [], onEnded: () => {} };
      this.#ofInstances.set(instance, locals);
    }
    return locals;
  }

  /** An attempt that takes too long is given up and goes on in the background, as a real one does. */
  #attempt(
    command: LocalCommand,
    attempt: number,
    ended: (outcome: ActivityOutcome) => void,
  ): void {
    if (!this.#process.isAlive) return;
    const { type, args, options } = command;
    const run = this.#activities[type];
    if (run === undefined) throw new Error(`there is no activity ${type}`);
    let isOver = false;
    const again = () => {
      if (isOver) return;
      isOver = true;
      const { initialMs, coefficient, maximumMs } = options.retry;
      const pauseMs = Math.min(initialMs * coefficient ** (attempt - 1), maximumMs);
      this.#timeline.after(pauseMs, () => this.#attempt(command, attempt + 1, ended));
    };
    const timeout = this.#timeline.after(options.startToCloseMs, again);
    const finish = (outcome: ActivityOutcome) => {
      timeout.isCanceled = true;
      if (isOver) return;
      isOver = true;
      ended(outcome);
    };
    run(...args).then(
      (result) => finish({ is: 'completed', result: transported(result) }),
      (error: unknown) => {
        timeout.isCanceled = true;
        if (isNonRetryable(error)) finish(failure(error));
        else again();
      },
    );
  }
}
