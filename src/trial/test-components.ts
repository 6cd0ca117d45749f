import { cacheFolder } from './component-cache.js';
import { prepareMongoDb } from './mongodb-component.js';
import { startGuard } from './process-guard.js';
import type { Progress } from './progress.js';
import { listenForStop } from './stop-requests.js';
import { prepareTemporalCli } from './temporal-component.js';
import { prepareTestServer } from './test-server-component.js';
import { TrialError } from './trial-error.js';

/**
 * Gets the components that the tests run on, so that no test waits for a download. Where a server is given, one of its
 * own is still wanted by tests that kill it; that it cannot be had is then only noted.
 * @throws {TrialError} `component_unavailable`, `interrupted`
 */
export async function prepareTestComponents(progress: Progress): Promise<void> {
  const { env } = process;
  const guard = startGuard();
  const stop = listenForStop(() => process.exit(1));
  const setup = { env, cache: cacheFolder(env), progress, guard, signal: stop.signal };
  try {
    await unlessGiven(env.TEMPORAL_ADDRESS, progress, () => prepareTemporalCli(setup));
    await unlessGiven(env.MONGODB_URI, progress, () => prepareMongoDb(setup, null));
    await prepareTestServer(setup);
  } finally {
    stop.close();
    guard.close();
  }
}

async function unlessGiven(
  given: string | undefined,
  progress: Progress,
  prepare: () => Promise<unknown>,
): Promise<void> {
  try {
    await prepare();
  } catch (error) {
    if (!given || !(error instanceof TrialError) || error.code === 'interrupted') throw error;
    progress.note(error.message);
  }
}
