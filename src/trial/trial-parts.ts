/** The processes of the trial service: what runs them, and how each one shows that it is ready. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ComponentSetup } from './component-setup.js';
import { projectFolder } from './entry.js';
import { isMongoDbReady, mongoDbCommand, prepareMongoDb } from './mongodb-component.js';
import { type PartEnvironments, partEnvironments } from './part-environments.js';
import { answers } from './readiness.js';
import type { PartSpecification } from './supervised-part.js';
import { devServerArguments, isTemporalReady, prepareTemporalCli } from './temporal-component.js';
import { TrialError } from './trial-error.js';
import type { TrialSecrets } from './trial-secrets.js';
import { localHost, type TrialSettings } from './trial-settings.js';

const COMPONENT_READY_MS = 60_000;
const PROCESS_READY_MS = 60_000;
const COMPONENT_STOP_MS = 10_000;
/** The processes themselves promise to stop within 10 s. */
const PROCESS_STOP_MS = 12_000;

/** Groups of parts: each group starts when the one before it is ready, and stops before it does. */
export type PartGroups = readonly (readonly PartSpecification[])[];

/**
 * Gets the components that are not given, as far as they are not there yet.
 * @throws {TrialError} `component_unavailable` with one line for each that cannot be had; `interrupted`
 */
export async function componentParts(
  settings: TrialSettings,
  setup: ComponentSetup,
): Promise<PartSpecification[]> {
  const makers = [
    ...(settings.given.temporal ? [] : [temporalPart]),
    ...(settings.given.mongodb ? [] : [mongoDbPart]),
  ];
  const parts: PartSpecification[] = [];
  const unavailable: string[] = [];
  for (const make of makers) {
    try {
      parts.push(await make(settings, setup));
    } catch (error) {
      if (!(error instanceof TrialError) || error.code !== 'component_unavailable') throw error;
      unavailable.push(error.message);
    }
  }
  if (unavailable.length > 0) throw new TrialError('component_unavailable', unavailable.join('\n'));
  return parts;
}

async function temporalPart(
  { ports, dataDir }: TrialSettings,
  setup: ComponentSetup,
): Promise<PartSpecification> {
  const program = await prepareTemporalCli(setup);
  // Named to the other processes so that they read no profile of this machine.
  writeFileSync(join(dataDir, 'temporal.toml'), '[profile.default]\n');
  return {
    name: 'Temporal',
    program,
    args: devServerArguments({
      port: ports.TEMPORAL_PORT,
      uiPort: ports.TEMPORAL_UI_PORT,
      databaseFile: join(dataDir, 'temporal.db'),
    }),
    env: setup.env,
    probe: async () => await isTemporalReady(`127.0.0.1:${ports.TEMPORAL_PORT}`),
    readyDeadlineMs: COMPONENT_READY_MS,
    stopGraceMs: COMPONENT_STOP_MS,
  };
}

async function mongoDbPart(
  { ports, dataDir }: TrialSettings,
  setup: ComponentSetup,
): Promise<PartSpecification> {
  const dataFolder = join(dataDir, 'mongodb');
  const engine = await prepareMongoDb(setup, dataFolder);
  const command = await mongoDbCommand(engine, { port: ports.MONGODB_PORT, dataFolder });
  return {
    name: 'MongoDB',
    ...command,
    env: setup.env,
    probe: async () => await isMongoDbReady(`mongodb://127.0.0.1:${ports.MONGODB_PORT}`),
    readyDeadlineMs: COMPONENT_READY_MS,
    stopGraceMs: COMPONENT_STOP_MS,
  };
}

/** The project's own processes, in groups. */
export function projectParts(
  env: NodeJS.ProcessEnv,
  settings: TrialSettings,
  secrets: TrialSecrets,
): PartGroups {
  const { ports, host, given } = settings;
  const environments = partEnvironments(env, settings, secrets);
  const part = (name: keyof PartEnvironments, file: string, origin: string): PartSpecification => ({
    name,
    program: process.execPath,
    args: ['--enable-source-maps', join(projectFolder, 'dist', file)],
    env: environments[name],
    cwd: projectFolder,
    probe: async () => await answers(`${origin}/readyz`),
    readyDeadlineMs: PROCESS_READY_MS,
    stopGraceMs: PROCESS_STOP_MS,
  });
  const at = (port: number, on = localHost(host)) => `http://${on}:${port}`;
  const simulator = part('simulator', 'simulator.js', at(ports.SIMULATOR_PORT, '127.0.0.1'));
  return [
    given.gateway ? [] : [simulator],
    [part('api', 'server.js', at(ports.PORT)), part('worker', 'worker.js', at(ports.METRICS_PORT))],
  ];
}
