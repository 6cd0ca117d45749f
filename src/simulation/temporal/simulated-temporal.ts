/** The simulated server: runs, messages to them, their tasks, timers and activities. One namespace. */
import type { Faults } from '../kernel/faults.js';
import type { Outages } from '../kernel/outages.js';
import type { Timeline } from '../kernel/timeline.js';
import { ActivityQueue } from './activity-queue.js';
import type { ActivityOutcome, Command, Job } from './history.js';
import {
  Run,
  type RunStart,
  type ScheduledActivity,
  type TaskReport,
  type UpdateState,
  type UpdateWaiter,
  type WorkerPort,
} from './run.js';
import { WorkflowTimers } from './workflow-timers.js';

const TASK_TIMEOUT_MS = 10_000;
const USUAL_MS_MAX = 5;

/** What the invariants are told. */
export interface TemporalObserver {
  /** A workflow failed, or its task did: neither may ever be. */
  broken(what: string): void;
  /** The server has an activity's result. */
  activityEnded(type: string, outcome: ActivityOutcome): void;
  /** A run was lost while a worker was busy with an activity's result. */
  activityOrphaned(outcome: ActivityOutcome): void;
  /** A run has taken an activity's result in, durably. */
  activityTaken(run: Run, outcome: ActivityOutcome): void;
}

export class SimulatedTemporal {
  readonly timeline: Timeline;
  readonly faults: Faults;
  readonly outages: Outages;
  readonly observer: TemporalObserver;
  readonly #workers: WorkerPort[] = [];
  readonly #latest = new Map<string, Run>();
  readonly #waitingForWorker = new Set<Run>();
  readonly #activities: ActivityQueue;
  readonly #timers: WorkflowTimers;
  #runs = 0;
  #tokens = 0;

  constructor(parts: {
    readonly timeline: Timeline;
    readonly faults: Faults;
    readonly outages: Outages;
    readonly observer: TemporalObserver;
  }) {
    this.timeline = parts.timeline;
    this.faults = parts.faults;
    this.outages = parts.outages;
    this.observer = parts.observer;
    this.#activities = new ActivityQueue(this);
    this.#timers = new WorkflowTimers(this);
  }

  addWorker(worker: WorkerPort): void {
    this.#workers.push(worker);
    for (const run of this.#waitingForWorker) this.#dispatch(run);
    this.#waitingForWorker.clear();
    this.#activities.workerStarted();
  }

  /** Any worker that is there; the preferred one if it is. */
  worker(preferred: string | null): WorkerPort | null {
    const alive = this.#workers.filter(({ isAlive }) => isAlive);
    const sticky = alive.find(({ name }) => name === preferred);
    if (sticky !== undefined || alive.length === 0) return sticky ?? null;
    return alive[this.faults.delayMs('temporal.worker', 0, alive.length - 1)] ?? null;
  }

  /** The latest run of a workflow, also when it is over. */
  latest(workflowId: string): Run | null {
    return this.#latest.get(workflowId) ?? null;
  }

  /** The namespace is lost: nothing of any run is left. */
  loseEverything(): void {
    for (const run of this.#latest.values()) {
      // Its worker does not know yet, and goes on with the task that it has.
      for (const job of run.task === null ? [] : run.allJobs) {
        if (job.kind === 'activity') this.observer.activityOrphaned(job.outcome);
      }
      this.#end(run);
    }
    this.#latest.clear();
  }

  /** The run that is there, or a new one. */
  started(start: RunStart): Run {
    const present = this.#latest.get(start.workflowId);
    if (present !== undefined && !present.isClosed) return present;
    this.#runs += 1;
    const run = new Run(`run-${this.#runs}`, start);
    this.#latest.set(start.workflowId, run);
    this.#scheduleTask(run);
    return run;
  }

  signal(start: RunStart, name: string, args: readonly unknown[]): void {
    const run = this.started(start);
    this.tell(run, { kind: 'signal', name, args });
  }

  /** An update whose id the run knows already is the same update. */
  update(start: RunStart, job: UpdateState['job'], waiter: UpdateWaiter): void {
    const latest = this.#latest.get(start.workflowId);
    const earlier = latest?.updates.get(job.updateId);
    if (latest?.isClosed === true && earlier?.outcome != null) {
      waiter.settle(earlier.outcome);
      return;
    }
    const run = this.started(start);
    run.admit(job, waiter);
    this.#scheduleTask(run);
  }

  /** Something happened that the workflow must learn. */
  tell(run: Run, job: Job): void {
    if (run.isClosed) return;
    run.newJobs.push(job);
    this.#scheduleTask(run);
  }

  /** A worker's report of an activity has arrived. */
  activityReported(activity: ScheduledActivity, token: number, outcome: ActivityOutcome): void {
    this.#activities.reported(activity, token, outcome);
  }

  /** A worker's answer has arrived. */
  taskCompleted(run: Run, token: number, worker: WorkerPort, report: TaskReport): void {
    const { task } = run;
    if (task === null || task.token !== token || run.isClosed) {
      worker.evict(run.runId);
      return;
    }
    task.timeout.isCanceled = true;
    const isClosing = report.commands.some(
      ({ kind }) => kind === 'complete' || kind === 'continue_as_new' || kind === 'fail',
    );
    if (isClosing && run.newJobs.length > 0) {
      // Unhandled command: the run may not end before it has seen what came meanwhile.
      worker.evict(run.runId);
      this.#giveBack(run);
      return;
    }
    run.task = null;
    const { startedAtMs, jobs } = task;
    run.history.push({ startedAtMs, jobs, ...report });
    for (const job of jobs) this.#taken(run, job);
    for (const command of report.commands) this.#carryOut(run, command);
    if (run.isClosed) return;
    if (report.isHeartbeat || run.newJobs.length > 0 || run.admitted.length > 0) {
      this.#scheduleTask(run);
    }
  }

  #taken(run: Run, job: Job): void {
    if (job.kind === 'update') {
      const update = run.updates.get(job.updateId);
      if (update !== undefined) update.isAccepted = true;
    }
    if (job.kind === 'activity') this.observer.activityTaken(run, job.outcome);
  }

  #carryOut(run: Run, command: Command): void {
    switch (command.kind) {
      case 'activity':
        this.#activities.schedule(run, command);
        return;
      case 'timer':
        this.#timers.start(run, command.sequence, command.delayMs);
        return;
      case 'cancel_timer':
        this.#timers.cancel(run, command.sequence);
        return;
      case 'update_completed':
        run.completeUpdate(command.updateId, command.outcome);
        return;
      case 'complete':
        this.#end(run);
        return;
      case 'continue_as_new':
        this.#end(run);
        this.started({ ...run.start, args: command.args });
        return;
      case 'fail':
        // A sweep that fails leaves its work to the next one.
        if (run.start.type !== 'sweep') {
          this.observer.broken(`${run.start.workflowId} failed: ${command.message}`);
        }
        this.#end(run);
        return;
    }
  }

  #end(run: Run): void {
    run.isClosed = true;
    if (run.task !== null) run.task.timeout.isCanceled = true;
    this.#timers.forget(run);
    this.#activities.forget(run);
    run.endUpdates();
  }

  #scheduleTask(run: Run): void {
    if (run.isClosed || run.task !== null || run.isTaskScheduled) return;
    run.isTaskScheduled = true;
    const delayMs = this.faults.delayMs('temporal.task', 1, USUAL_MS_MAX);
    this.timeline.after(delayMs, () => this.#dispatch(run));
  }

  #dispatch(run: Run): void {
    if (run.isClosed) return;
    const backAtMs = this.outages.backAtMs('temporal');
    if (backAtMs > this.timeline.nowMs) {
      this.timeline.at(backAtMs + 1, () => this.#dispatch(run));
      return;
    }
    const worker = this.worker(run.stickyWorker);
    if (worker === null) {
      this.#waitingForWorker.add(run);
      return;
    }
    this.#tokens += 1;
    const token = this.#tokens;
    const jobs = [...run.newJobs.splice(0), ...run.admitted.map(({ job }) => job)];
    const startedAtMs = this.timeline.nowMs;
    const timeout = this.timeline.after(TASK_TIMEOUT_MS, () => this.#timedOut(run, token));
    run.isTaskScheduled = false;
    run.stickyWorker = worker.name;
    run.task = { token, jobs, startedAtMs, timeout };
    worker.runTask({ run, token, jobs, startedAtMs });
  }

  #timedOut(run: Run, token: number): void {
    if (run.task?.token === token) this.#giveBack(run);
  }

  /** A task that came to nothing: another one brings the same, and what came since. */
  #giveBack(run: Run): void {
    const jobs = run.task?.jobs.filter(({ kind }) => kind !== 'update') ?? [];
    run.task = null;
    run.stickyWorker = null;
    run.newJobs.unshift(...jobs);
    this.#scheduleTask(run);
  }
}
