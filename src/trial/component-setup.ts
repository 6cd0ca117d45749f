import type { ProcessGuard } from './process-guard.js';
import type { Progress } from './progress.js';

/** What getting a component needs from its surroundings. */
export interface ComponentSetup {
  readonly env: NodeJS.ProcessEnv;
  /** Root of the component cache. */
  readonly cache: string;
  readonly progress: Progress;
  readonly guard: ProcessGuard;
  /** Aborted when the person at the terminal gives up. */
  readonly signal: AbortSignal;
}
