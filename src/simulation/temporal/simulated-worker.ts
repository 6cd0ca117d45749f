/** A worker's process: workflows in memory, built again from their history when they are not, and activities. */
import type { SimulatedProcess } from '../kernel/simulated-process.js';
import { Activator, type WorkflowFunction } from './activator.js';
import { type ActivityFunctions, failure } from './activity-functions.js';
import { type ActivityOutcome, commandLine, transported } from './history.js';
import { LocalActivities } from './local-activities.js';
import type { ScheduledActivity, TaskReport, WorkerPort, WorkflowTask } from './run.js';
import type { SimulatedTemporal } from './simulated-temporal.js';
import { TaskExecution } from './task-execution.js';

const USUAL_MS_MAX = 5;
/** So many tasks later the server suggests a new run; far fewer than a real one, so that it happens. */
const TASKS_BEFORE_CONTINUATION = 40;

export interface WorkerCode {
  readonly workflows: Readonly<Record<string, WorkflowFunction>>;
  readonly activities: ActivityFunctions;
}

export class SimulatedWorker implements WorkerPort {
  readonly #process: SimulatedProcess;
  readonly #temporal: SimulatedTemporal;
  readonly #code: WorkerCode;
  readonly #instances = new Map<string, Activator>();
  readonly #locals: LocalActivities;

  constructor(process: SimulatedProcess, temporal: SimulatedTemporal, code: WorkerCode) {
    this.#process = process;
    this.#temporal = temporal;
    this.#code = code;
    this.#locals = new LocalActivities(process, temporal.timeline, code.activities);
  }

  get name(): string {
    return this.#process.name;
  }

  get isAlive(): boolean {
    return this.#process.isAlive;
  }

  evict(runId: string): void {
    this.#instances.delete(runId);
  }

  runTask(task: WorkflowTask): void {
    const { timeline } = this.#temporal;
    timeline.after(0, async () => {
      if (!this.isAlive) return;
      try {
        const instance = await this.#instanceFor(task);
        const execution = new TaskExecution(task, instance, {
          timeline,
          process: this.#process,
          locals: this.#locals,
          report: (report) => this.#report(task, instance, report),
          broken: (error) => this.#broken(task, error),
        });
        await execution.begin();
      } catch (error) {
        this.#broken(task, error);
      }
    });
  }

  runActivity(activity: ScheduledActivity, token: number): void {
    this.#temporal.timeline.after(0, () => {
      if (!this.isAlive) return;
      const run = this.#code.activities[activity.type];
      if (run === undefined) throw new Error(`there is no activity ${activity.type}`);
      run(...activity.args).then(
        (result) =>
          this.#reportActivity(activity, token, { is: 'completed', result: transported(result) }),
        (error: unknown) => this.#reportActivity(activity, token, failure(error)),
      );
    });
  }

  /** The answer of a query, from memory. */
  query(runId: string, name: string): unknown {
    return this.#instances.get(runId)?.query(name);
  }

  #reportActivity(activity: ScheduledActivity, token: number, outcome: ActivityOutcome): void {
    if (!this.isAlive) return;
    const { faults, timeline, outages } = this.#temporal;
    if (faults.strikes('activity.crash_before_report', activity.type)) {
      this.#process.kill();
      return;
    }
    if (faults.strikes('activity.result_lost', activity.type)) return;
    const arrivesAtMs = outages.backAtMs('temporal') + faults.delayMs('activity', 1, USUAL_MS_MAX);
    timeline.at(arrivesAtMs, () => this.#temporal.activityReported(activity, token, outcome));
  }

  async #instanceFor(task: WorkflowTask): Promise<Activator> {
    const { run } = task;
    const present = this.#instances.get(run.runId);
    const isEvicted = this.#temporal.faults.strikes('temporal.evicted', run.start.workflowId);
    const isUpToDate = present?.tasksSeen === run.history.length;
    const instance =
      present !== undefined && isUpToDate && !isEvicted ? present : await this.#replayed(task);
    this.#instances.set(run.runId, instance);
    instance.isContinuationSuggested = run.history.length >= TASKS_BEFORE_CONTINUATION;
    return instance;
  }

  /** Goes through the history; what it asks for must be what it asked for then. */
  async #replayed({ run }: WorkflowTask): Promise<Activator> {
    const workflow = this.#code.workflows[run.start.type];
    if (workflow === undefined) throw new Error(`there is no workflow ${run.start.type}`);
    const { workflowId } = run.start;
    const info = { runId: run.runId, workflowId, taskQueue: 'payment-orders' };
    const instance = new Activator(info, workflow, run.start.args);
    for (const [name, value] of run.start.attributes) instance.searchAttributes.set(name, value);
    for (const [index, task] of run.history.entries()) {
      instance.isContinuationSuggested = index >= TASKS_BEFORE_CONTINUATION;
      const commands = [...(await instance.activate(task.jobs, task.startedAtMs))];
      for (const local of task.localResults) commands.push(...(await instance.resolveLocal(local)));
      instance.tasksSeen += 1;
      const [asked, recorded] = [commands.map(commandLine), task.commands.map(commandLine)];
      const place = recorded.findIndex((line, at) => line !== asked[at]);
      if (place >= 0 || asked.length !== recorded.length) {
        const at = place < 0 ? recorded.length : place;
        throw new Error(
          `not deterministic in task ${index}: asked ${asked[at]}, recorded ${recorded[at]}`,
        );
      }
    }
    return instance;
  }

  #report(task: WorkflowTask, instance: Activator, report: TaskReport): void {
    const { faults, timeline, outages } = this.#temporal;
    instance.tasksSeen += 1;
    if (faults.strikes('temporal.task_report_lost', task.run.start.workflowId)) {
      this.evict(task.run.runId);
      return;
    }
    const arrivesAtMs = outages.backAtMs('temporal') + faults.delayMs('temporal', 1, USUAL_MS_MAX);
    timeline.at(arrivesAtMs, () =>
      this.#temporal.taskCompleted(task.run, task.token, this, report),
    );
  }

  #broken(task: WorkflowTask, error: unknown): void {
    this.evict(task.run.runId);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#temporal.observer.broken(`${task.run.start.workflowId}: workflow task failed: ${text}`);
  }
}
