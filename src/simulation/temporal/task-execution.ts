/** One workflow task on a worker: the workflow runs, its local activities run within the task, and then it is reported. */
import type { SimulatedProcess } from '../kernel/simulated-process.js';
import type { Timeline } from '../kernel/timeline.js';
import type { Activator } from './activator.js';
import type { Command, LocalResult } from './history.js';
import type { LocalActivities } from './local-activities.js';
import type { TaskReport, WorkflowTask } from './run.js';

/** A task whose local activities take longer is reported as it is, and goes on in the next one: 80% of its timeout. */
const HEARTBEAT_MS = 8_000;

interface Surroundings {
  readonly timeline: Timeline;
  readonly process: SimulatedProcess;
  readonly locals: LocalActivities;
  readonly report: (report: TaskReport) => void;
  readonly broken: (error: unknown) => void;
}

export class TaskExecution {
  readonly #task: WorkflowTask;
  readonly #instance: Activator;
  readonly #around: Surroundings;
  readonly #commands: Command[] = [];
  readonly #localResults: LocalResult[] = [];
  #hasEnded = false;

  constructor(task: WorkflowTask, instance: Activator, around: Surroundings) {
    this.#task = task;
    this.#instance = instance;
    this.#around = around;
  }

  async begin(): Promise<void> {
    const { timeline, locals } = this.#around;
    this.#commands.push(
      ...(await this.#instance.activate(this.#task.jobs, this.#task.startedAtMs)),
    );
    timeline.after(HEARTBEAT_MS, () => this.#end(true));
    locals.listen(this.#instance, () => timeline.after(0, () => this.#takeResults()));
    await this.#takeResults();
  }

  /** What local activities brought, each after the other; then those that the workflow asks for next. */
  async #takeResults(): Promise<void> {
    const { timeline, process, locals, broken } = this.#around;
    if (this.#hasEnded || !process.isAlive) return;
    try {
      for (const ended of locals.takeEnded(this.#instance)) {
        const result = { ...ended, atMs: timeline.nowMs };
        this.#localResults.push(result);
        this.#commands.push(...(await this.#instance.resolveLocal(result)));
      }
      for (const local of this.#instance.openLocals.values()) locals.run(this.#instance, local);
    } catch (error) {
      this.#hasEnded = true;
      broken(error);
      return;
    }
    if (this.#instance.openLocals.size === 0) this.#end(false);
  }

  #end(isHeartbeat: boolean): void {
    if (this.#hasEnded || !this.#around.process.isAlive) return;
    this.#hasEnded = true;
    this.#around.report({
      commands: this.#commands,
      localResults: this.#localResults,
      isHeartbeat,
    });
  }
}
