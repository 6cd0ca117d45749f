import { condenseLine } from './log-lines.js';
import type { ProcessGuard } from './process-guard.js';
import { openProcessLog } from './process-log.js';
import type { Progress } from './progress.js';
import { type PartSpecification, SupervisedPart } from './supervised-part.js';
import { TrialError } from './trial-error.js';
import type { PartGroups } from './trial-parts.js';

export interface SupervisorOptions {
  readonly dataDir: string;
  readonly progress: Progress;
  readonly guard: ProcessGuard;
  /** Aborted when all is to stop. */
  readonly signal: AbortSignal;
}

/** Starts groups of processes one after the other, keeps them running, and stops them the other way round. */
export class Supervisor {
  private readonly started: SupervisedPart[][] = [];
  private logsShown = false;

  constructor(private readonly options: SupervisorOptions) {}

  /** @throws {TrialError} `not_ready` or `interrupted`; what was started goes on until `stop` */
  async start(groups: PartGroups): Promise<void> {
    for (const group of groups) {
      if (group.length === 0) continue;
      if (this.options.signal.aborted)
        throw new TrialError('interrupted', 'Stopped before it was ready.');
      const parts = group.map((specification) => this.supervise(specification));
      this.started.push(parts);
      const names = parts.map(({ name }) => name).join(' and ');
      await this.options.progress.step(`Starting ${names}`, async () => {
        const results = await Promise.allSettled(parts.map(async (part) => await part.start()));
        for (const result of results) if (result.status === 'rejected') throw result.reason;
      });
    }
  }

  /** From now on, what the project's own processes log is shown in short. */
  showLogs(): void {
    this.logsShown = true;
  }

  /** Ends everything in good order; a part that does not end in time is ended. */
  async stop(): Promise<void> {
    const groups = [...this.started].reverse();
    if (groups.length === 0) return;
    this.logsShown = false;
    await this.options.progress.step('Stopping', async () => {
      for (const group of groups) await Promise.all(group.map(async (part) => await part.stop()));
    });
    this.started.length = 0;
  }

  /** Ends everything at once. */
  killAll(): void {
    for (const part of this.started.flat()) part.kill();
  }

  private supervise(specification: PartSpecification): SupervisedPart {
    const { dataDir, guard, signal, progress } = this.options;
    const { name } = specification;
    const log = openProcessLog(dataDir, name.toLowerCase());
    const isComponent = specification.program !== process.execPath;
    return new SupervisedPart(specification, {
      guard,
      signal,
      log: log.stream,
      note: (text) => progress.note(text),
      onLine: (line) => {
        const short = this.logsShown && !isComponent ? condenseLine(name, line) : null;
        if (short !== null) process.stdout.write(`${short}\n`);
      },
    });
  }
}
