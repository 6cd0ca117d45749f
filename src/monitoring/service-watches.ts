/**
 * What the API's processes look for, because the sweep cannot: without a worker there is no sweep, and a sweep that does
 * not run watches nothing.
 */
import { sweepVerdict, workerVerdict } from '../domain/watch-rules.js';
import {
  createPresenceWatch,
  type PresenceWatch,
  type WatchSurroundings,
} from './presence-watch.js';

/** What Temporal is asked. All of it throws when Temporal does not answer: then nothing is known. */
export interface ServicePresence {
  readonly isWorkerPolling: () => Promise<boolean>;
  /** Whether a sweep ended well lately. */
  readonly isSweepEnding: () => Promise<boolean>;
  /** What was written by whoever paused the sweep; `null` when it is not paused. */
  readonly sweepPausedBecause: () => Promise<string | null>;
}

export function createWorkerWatch(
  options: WatchSurroundings & Pick<ServicePresence, 'isWorkerPolling'>,
): PresenceWatch {
  const { isWorkerPolling, ...surroundings } = options;
  return createPresenceWatch({
    ...surroundings,
    kind: 'no_worker',
    subject: 'worker',
    isPresent: isWorkerPolling,
    judge: workerVerdict,
  });
}

/** While no worker polls nothing is said about the sweep: one alert for one cause. */
export function createSweepWatch(options: WatchSurroundings & ServicePresence): PresenceWatch {
  const { isWorkerPolling, isSweepEnding, sweepPausedBecause, ...surroundings } = options;
  return createPresenceWatch({
    ...surroundings,
    kind: 'no_sweep',
    subject: 'sweep',
    isPresent: async () => {
      if (await isSweepEnding()) return true;
      if (!(await isWorkerPolling())) throw new Error('without a worker there is no sweep');
      return false;
    },
    judge: async (absentForMs) =>
      sweepVerdict(absentForMs, absentForMs === null ? null : await sweepPausedBecause()),
  });
}
