/** The trial service: everything that a working payment-order service needs, on one machine, from one command. */
import { announcement } from './announcement.js';
import { cacheFolder } from './component-cache.js';
import { projectFolder } from './entry.js';
import { plannedPorts, requireFreePorts } from './ports.js';
import { type ProcessGuard, startGuard } from './process-guard.js';
import type { Progress } from './progress.js';
import { claimInstance } from './single-instance.js';
import { listenForStop } from './stop-requests.js';
import { Supervisor } from './supervisor.js';
import { TrialError } from './trial-error.js';
import { componentParts, projectParts } from './trial-parts.js';
import { trialSecrets } from './trial-secrets.js';
import { loadEnvFile, readTrialSettings, type TrialSettings } from './trial-settings.js';

/** Exit code of a process that was interrupted, as shells have it. */
const INTERRUPTED = 130;

/**
 * Runs the trial service until it is asked to stop.
 * @returns the exit code
 */
export async function runTrial(progress: Progress): Promise<number> {
  // A terminal that was closed takes no more output; stopping in good order matters more.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  try {
    loadEnvFile(projectFolder);
    const settings = readTrialSettings(process.env);
    const claim = await claimInstance(settings.dataDir, settings.publicUrl);
    if (claim.runningAt !== null) {
      progress.note(`It is running already, at ${claim.runningAt}.`);
      return 0;
    }
    const guard = startGuard();
    try {
      return await runClaimed(settings, { progress, guard });
    } finally {
      guard.close();
      await claim.release();
    }
  } catch (error) {
    if (!(error instanceof TrialError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.code === 'interrupted' ? INTERRUPTED : 1;
  }
}

async function runClaimed(
  settings: TrialSettings,
  { progress, guard }: { readonly progress: Progress; readonly guard: ProcessGuard },
): Promise<number> {
  const { env } = process;
  await requireFreePorts(plannedPorts(settings));
  let supervisor: Supervisor | null = null;
  const stop = listenForStop(() => {
    supervisor?.killAll();
    process.exit(INTERRUPTED);
  });
  const { signal } = stop;
  const setup = { env, cache: cacheFolder(env), progress, guard, signal };
  supervisor = new Supervisor({ dataDir: settings.dataDir, progress, guard, signal });
  try {
    const components = await componentParts(settings, setup);
    const secrets = await trialSecrets(settings.dataDir);
    if (!settings.given.gateway && (env.CODEPAY_PRIVATE_KEY || env.CODEPAY_PRIVATE_KEY_FILE)) {
      progress.note('Your CodePay keys are not used: without CODEPAY_BASE_URL the simulator runs.');
    }
    await supervisor.start([components, ...projectParts(env, settings, secrets)]);
    process.stdout.write(announcement(env, settings, secrets));
    supervisor.showLogs();
    await aborted(signal);
    return 0;
  } finally {
    await supervisor.stop();
    stop.close();
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
