/** What a run is told. */

export interface RunSettings {
  /** How long faults are injected; settling and checking come on top. */
  readonly durationMs: number;
  /** The plan of faults and the mix of orders follow from it. */
  readonly seed: number;
  /** New orders per second. */
  readonly ordersPerSecond: number;
  /** `SCHEDULED_CHECK_INTERVAL` of the service, such as `30s`; the sweep's interval. */
  readonly sweepInterval: string;
  /** Gaps between the checks of each order, such as `5s`; over in a time that the run can wait for. */
  readonly checkSchedule: readonly string[];
  /** A MongoDB that is there already, one host; `null` for the embedded one. */
  readonly mongodbUri: string | null;
  /** A program that ends a given MongoDB when called with `kill` and starts it when called with `start`. */
  readonly mongodbControl: string | null;
  /** How long the system may take to come to rest after the last fault. */
  readonly settleLimitMs: number;
  /** After a fault this long is waited until everything works again; then the next one comes. */
  readonly recoveryLimitMs: number;
  /** Holds data, logs, journals and the report. */
  readonly folder: string;
  /** Environment in which the embedded parts are looked for and started. */
  readonly env: NodeJS.ProcessEnv;
  /** Takes a line for the person who watches. */
  readonly say: (line: string) => void;
  /** Told the id of every process that is started. */
  readonly onStarted: (pid: number) => void;
  /** Aborted when all is to stop. */
  readonly signal: AbortSignal;
}
