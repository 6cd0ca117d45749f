/** Activities on the simulated server: at least once within their retry policy, and all of their timeouts. */
import type { Faults } from '../kernel/faults.js';
import type { Outages } from '../kernel/outages.js';
import type { Timeline } from '../kernel/timeline.js';
import type { ActivityOutcome, Command, Job, TimeoutWord } from './history.js';
import type { Run, ScheduledActivity, WorkerPort } from './run.js';

const LATE_START_MS_MAX = 30_000;
const USUAL_MS_MAX = 5;

interface Server {
  readonly timeline: Timeline;
  readonly faults: Faults;
  readonly outages: Outages;
  readonly observer: { activityEnded(type: string, outcome: ActivityOutcome): void };
  worker(preferred: string | null): WorkerPort | null;
  tell(run: Run, job: Job): void;
}

export class ActivityQueue {
  readonly #server: Server;
  readonly #waitingForWorker: ScheduledActivity[] = [];
  #tokens = 0;

  constructor(server: Server) {
    this.#server = server;
  }

  schedule(run: Run, command: Command & { readonly kind: 'activity' }): void {
    const { timeline } = this.#server;
    const { sequence, type, args, options } = command;
    const activity: ScheduledActivity = {
      run,
      sequence,
      type,
      args,
      options,
      scheduledAtMs: timeline.nowMs,
      attempt: 1,
      token: this.#nextToken(),
      isStarted: false,
      timeouts: [],
    };
    run.activities.set(sequence, activity);
    this.#endAfter(activity, options.scheduleToCloseMs, 'SCHEDULE_TO_CLOSE');
    this.#endAfter(activity, options.scheduleToStartMs, 'SCHEDULE_TO_START');
    this.#offer(activity);
  }

  workerStarted(): void {
    for (const activity of this.#waitingForWorker.splice(0)) this.#start(activity);
  }

  forget(run: Run): void {
    for (const activity of run.activities.values()) this.#stopTimeouts(activity);
    run.activities.clear();
  }

  #nextToken(): number {
    this.#tokens += 1;
    return this.#tokens;
  }

  /** @param timeout of the whole activity: no attempt follows */
  #endAfter(activity: ScheduledActivity, afterMs: number | null, timeout: TimeoutWord): void {
    if (afterMs === null) return;
    const end = () => {
      if (timeout === 'SCHEDULE_TO_START' && activity.isStarted) return;
      this.#whenUp(() => this.#end(activity, { is: 'timed_out', timeout }));
    };
    activity.timeouts.push(this.#server.timeline.after(afterMs, end));
  }

  #offer(activity: ScheduledActivity): void {
    const { timeline, faults } = this.#server;
    const isLate = faults.strikes('activity.late_start', activity.type);
    const delayMs = isLate
      ? faults.delayMs('activity.late_start', 1_000, LATE_START_MS_MAX)
      : faults.delayMs('activity', 1, USUAL_MS_MAX);
    timeline.after(delayMs, () => this.#whenUp(() => this.#start(activity)));
  }

  #start(activity: ScheduledActivity): void {
    if (!this.#isOpen(activity)) return;
    const worker = this.#server.worker(null);
    if (worker === null) {
      this.#waitingForWorker.push(activity);
      return;
    }
    activity.isStarted = true;
    const { token, options } = activity;
    const timeout = this.#server.timeline.after(options.startToCloseMs, () =>
      this.#whenUp(() =>
        this.reported(activity, token, { is: 'timed_out', timeout: 'START_TO_CLOSE' }),
      ),
    );
    activity.timeouts.push(timeout);
    worker.runActivity(activity, token);
  }

  /** An attempt has ended, as far as the server knows. */
  reported(activity: ScheduledActivity, token: number, outcome: ActivityOutcome): void {
    if (!this.#isOpen(activity) || activity.token !== token) return;
    const { retry } = activity.options;
    const isLast =
      (retry.attemptsMax !== null && activity.attempt >= retry.attemptsMax) ||
      (outcome.is === 'failed' && outcome.isNonRetryable);
    if (outcome.is === 'completed' || isLast) {
      this.#end(activity, outcome);
      return;
    }
    const pauseMs = Math.min(
      retry.initialMs * retry.coefficient ** (activity.attempt - 1),
      retry.maximumMs,
    );
    activity.attempt += 1;
    activity.token = this.#nextToken();
    this.#server.timeline.after(pauseMs, () => this.#offer(activity));
  }

  #end(activity: ScheduledActivity, outcome: ActivityOutcome): void {
    if (!this.#isOpen(activity)) return;
    this.#stopTimeouts(activity);
    this.#server.observer.activityEnded(activity.type, outcome);
    activity.run.activities.delete(activity.sequence);
    this.#server.tell(activity.run, { kind: 'activity', sequence: activity.sequence, outcome });
  }

  #isOpen({ run, sequence }: ScheduledActivity): boolean {
    return !run.isClosed && run.activities.has(sequence);
  }

  #stopTimeouts(activity: ScheduledActivity): void {
    for (const timeout of activity.timeouts) timeout.isCanceled = true;
  }

  #whenUp(act: () => void): void {
    const { outages, timeline } = this.#server;
    const backAtMs = outages.backAtMs('temporal');
    if (backAtMs <= timeline.nowMs) act();
    else timeline.at(backAtMs + 1, act);
  }
}
