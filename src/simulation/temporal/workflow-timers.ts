/** Timers of workflows on the simulated server: never early, at times late, and not while the server is away. */
import type { Faults } from '../kernel/faults.js';
import type { Outages } from '../kernel/outages.js';
import type { Timeline } from '../kernel/timeline.js';
import type { Job } from './history.js';
import type { Run } from './run.js';

const LATE_MS_MAX = 4_000;

interface Server {
  readonly timeline: Timeline;
  readonly faults: Faults;
  readonly outages: Outages;
  tell(run: Run, job: Job): void;
}

export class WorkflowTimers {
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  start(run: Run, sequence: number, delayMs: number): void {
    const { timeline, faults, outages } = this.#server;
    const isLate = faults.strikes('temporal.timer_late', run.start.workflowId);
    const slackMs = isLate ? faults.delayMs('temporal.timer_late', 0, LATE_MS_MAX) : 1;
    const fire = () => {
      if (outages.isDown('temporal')) {
        run.timers.set(sequence, timeline.at(outages.backAtMs('temporal') + 1, fire));
        return;
      }
      run.timers.delete(sequence);
      this.#server.tell(run, { kind: 'timer', sequence });
    };
    run.timers.set(sequence, timeline.after(delayMs + slackMs, fire));
  }

  cancel(run: Run, sequence: number): void {
    const timer = run.timers.get(sequence);
    if (timer !== undefined) timer.isCanceled = true;
    run.timers.delete(sequence);
  }

  forget(run: Run): void {
    for (const timer of run.timers.values()) timer.isCanceled = true;
    run.timers.clear();
  }
}
