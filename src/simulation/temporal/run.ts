/** One run of a workflow as the simulated server keeps it. */
import type { Appointment } from '../kernel/timeline.js';
import type {
  ActivityOptions,
  Command,
  CompletedTask,
  Job,
  LocalResult,
  UpdateOutcome,
} from './history.js';

/** Somebody who waits for an update. */
export interface UpdateWaiter {
  readonly settle: (outcome: UpdateOutcome) => void;
  /** The run is over, and the update was never in it. */
  readonly refuse: () => void;
}

export interface UpdateState {
  readonly job: Job & { readonly kind: 'update' };
  readonly waiters: UpdateWaiter[];
  isAccepted: boolean;
  outcome: UpdateOutcome | null;
}

/** A task that a worker has. */
export interface StartedTask {
  readonly token: number;
  readonly jobs: readonly Job[];
  readonly startedAtMs: number;
  readonly timeout: Appointment;
}

/** An activity that was asked for and has not ended. */
export interface ScheduledActivity {
  readonly run: Run;
  readonly sequence: number;
  readonly type: string;
  readonly args: readonly unknown[];
  readonly options: ActivityOptions;
  readonly scheduledAtMs: number;
  attempt: number;
  /** Changes with every attempt: what an older one reports is ignored. */
  token: number;
  isStarted: boolean;
  readonly timeouts: Appointment[];
}

export interface RunStart {
  readonly workflowId: string;
  readonly type: string;
  readonly args: readonly unknown[];
  readonly attributes: ReadonlyMap<string, unknown>;
}

export class Run {
  readonly runId: string;
  readonly start: RunStart;
  isClosed = false;
  readonly history: CompletedTask[] = [];
  /** What happened since the last task began. */
  readonly newJobs: Job[] = [];
  readonly updates = new Map<string, UpdateState>();
  task: StartedTask | null = null;
  isTaskScheduled = false;
  readonly activities = new Map<number, ScheduledActivity>();
  readonly timers = new Map<number, Appointment>();
  stickyWorker: string | null = null;

  constructor(runId: string, start: RunStart) {
    this.runId = runId;
    this.start = start;
  }

  /** Updates that no task has brought to the workflow yet. */
  get admitted(): readonly UpdateState[] {
    const inTask = new Set(this.task?.jobs.flatMap((j) => (j.kind === 'update' ? j.updateId : [])));
    return [...this.updates.values()].filter(
      ({ isAccepted, outcome, job }) =>
        !isAccepted && outcome === null && !inTask.has(job.updateId),
    );
  }

  /** An update whose id is known already is the same update. */
  admit(job: UpdateState['job'], waiter: UpdateWaiter): void {
    const known = this.updates.get(job.updateId);
    if (known === undefined) {
      this.updates.set(job.updateId, { job, waiters: [waiter], isAccepted: false, outcome: null });
    } else if (known.outcome !== null) waiter.settle(known.outcome);
    else known.waiters.push(waiter);
  }

  completeUpdate(updateId: string, outcome: UpdateOutcome): void {
    const update = this.updates.get(updateId);
    if (update === undefined) return;
    update.outcome = outcome;
    for (const waiter of update.waiters.splice(0)) waiter.settle(outcome);
  }

  /** The run is over: who still waits for an update of it is told. */
  endUpdates(): void {
    for (const update of this.updates.values()) {
      for (const waiter of update.waiters.splice(0)) {
        if (!update.isAccepted) waiter.refuse();
        else {
          const type = 'AcceptedUpdateCompletedWorkflow';
          waiter.settle({ is: 'failed', message: 'the run ended before its update', type });
        }
      }
    }
  }

  /** All that tasks have brought to the workflow, oldest first. */
  get allJobs(): readonly Job[] {
    return [...this.history, ...(this.task === null ? [] : [this.task])].flatMap(
      ({ jobs }) => jobs,
    );
  }

  /** Something will go on by itself. */
  get isDriven(): boolean {
    return (
      !this.isClosed &&
      (this.isTaskScheduled ||
        this.task !== null ||
        this.timers.size > 0 ||
        this.activities.size > 0 ||
        this.newJobs.length > 0)
    );
  }
}

/** What a worker is given, and how it answers. */
export interface WorkflowTask {
  readonly run: Run;
  readonly token: number;
  readonly jobs: readonly Job[];
  readonly startedAtMs: number;
}

export interface TaskReport {
  readonly localResults: readonly LocalResult[];
  readonly commands: readonly Command[];
  /** Local activities go on: another task is needed at once. */
  readonly isHeartbeat: boolean;
}

export interface WorkerPort {
  readonly name: string;
  readonly isAlive: boolean;
  runTask(task: WorkflowTask): void;
  /** The server did not take what the worker had made of its last task. */
  evict(runId: string): void;
  runActivity(activity: ScheduledActivity, token: number): void;
}
