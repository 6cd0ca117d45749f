/** Checked every few seconds: a run that is at rest knows the record as it is. */
import { orderWorkflowId } from '../../workflows/order-messages.js';
import type { Run } from '../temporal/run.js';
import { orderDocuments, type Watched } from './watched.js';

/** Writes of runs that were lost may still be on their way: then a new run learns of them when it next acts. */
const AFTER_LOSS_MS = 60_000;

export class AgreementCheck {
  readonly #watched: Watched;
  /** Runs that were behind when they were last looked at, with the version that they knew. */
  #behind = new Map<string, number>();
  #heldUntilMs = 0;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  runsWereLost(): void {
    this.#heldUntilMs = this.#watched.nowMs() + AFTER_LOSS_MS;
  }

  /** Behind twice in a row: nobody is about to tell it. */
  look(): void {
    const { database, temporal, fleet, findings, nowMs } = this.#watched;
    const behind = new Map<string, number>();
    for (const order of orderDocuments(database)) {
      const run = temporal.latest(orderWorkflowId(order.merchantNo, order.merchantOrderNo));
      if (run === null || !isAtRest(run)) continue;
      const said = fleet.query(run.runId, 'status') as { readonly version: number } | null;
      if (said == null || said.version === order.version) continue;
      behind.set(run.runId, said.version);
      const isStill = this.#behind.get(run.runId) === said.version;
      if (!isStill || nowMs() < this.#heldUntilMs) continue;
      const detail = `${order._id}: the run knows version ${said.version}, the record is at ${order.version}`;
      findings.violated('workflow_agrees', detail);
    }
    this.#behind = behind;
  }
}

function isAtRest(run: Run): boolean {
  const isBusy = run.task !== null || run.isTaskScheduled || run.newJobs.length > 0;
  return !run.isClosed && !isBusy && run.activities.size === 0;
}
