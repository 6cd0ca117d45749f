/** Everything that is tried: the embedded parts, the simulator, two APIs and two workers, and the lines between them. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../trial/component-cache.js';
import { projectFolder } from '../trial/entry.js';
import { isMongoDbReady, mongoDbCommand, prepareMongoDb } from '../trial/mongodb-component.js';
import { type ProcessGuard, startGuard } from '../trial/process-guard.js';
import { openProcessLog } from '../trial/process-log.js';
import { plainProgress } from '../trial/progress.js';
import { answers } from '../trial/readiness.js';
import type { PartSpecification } from '../trial/supervised-part.js';
import {
  devServerArguments,
  isTemporalReady,
  prepareTemporalCli,
} from '../trial/temporal-component.js';
import { type TrialSecrets, trialSecrets } from '../trial/trial-secrets.js';
import { freePort, freePorts, withPort } from './addresses.js';
import { ChaosPart, type FaultyPart } from './chaos-part.js';
import { GivenMongoDb } from './given-mongodb.js';
import type { RunSettings } from './run-settings.js';
import { serviceEnvironment, simulatorEnvironment } from './service-environment.js';
import { TcpProxy } from './tcp-proxy.js';
import type { WebhookAddress } from './webhook-receiver.js';

const READY_MS = 90_000;
const STOP_MS = 12_000;
/** As many of each as show that no process owns anything. */
export const API_NAMES = ['api-1', 'api-2'] as const;
export const WORKER_NAMES = ['worker-1', 'worker-2'] as const;

/** What a line leads to. */
export const LINE_TARGETS = ['temporal', 'mongodb', 'simulator', 'callbacks'] as const;
export type LineTarget = (typeof LINE_TARGETS)[number];

/** A line from one process to another, or from the simulator to the APIs. */
export interface StageLine {
  readonly from: string;
  readonly to: LineTarget;
  readonly proxy: TcpProxy;
}

export interface Stage {
  readonly parts: ReadonlyMap<string, FaultyPart>;
  readonly lines: readonly StageLine[];
  readonly secrets: TrialSecrets;
  readonly apiUrls: readonly string[];
  readonly simulatorUrl: string;
  /** Without a line in between: for the checks. */
  readonly direct: { readonly mongodbUri: string; readonly temporalAddress: string };
  readonly simulatorJournalFile: string;
  /** What ended without having been told to, each with its time. */
  readonly unexpectedEnds: { readonly name: string; readonly how: string; readonly atMs: number }[];
  close(): Promise<void>;
}

interface Making {
  readonly settings: RunSettings;
  readonly secrets: TrialSecrets;
  readonly webhook: WebhookAddress;
  readonly guard: ProcessGuard;
  readonly unexpectedEnds: Stage['unexpectedEnds'];
  readonly parts: Map<string, FaultyPart>;
  readonly lines: StageLine[];
}

/** Starts it all. @throws {TrialError} when something cannot be had or does not answer; then nothing is left running */
export async function startStage(settings: RunSettings, webhook: WebhookAddress): Promise<Stage> {
  const making: Making = {
    settings,
    webhook,
    secrets: await trialSecrets(settings.folder),
    guard: startGuard(),
    unexpectedEnds: [],
    parts: new Map(),
    lines: [],
  };
  const close = async () => await closeStage(making);
  try {
    return { ...(await fillStage(making)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function fillStage(making: Making): Promise<Omit<Stage, 'close'>> {
  const { settings, secrets, webhook, parts, lines, unexpectedEnds } = making;
  const temporalPort = await temporalPart(making);
  const mongodb = await mongoDbPart(making);
  const simulatorPort = await freePort();
  const apiPorts = await freePorts(API_NAMES.length);
  await startAll([...parts.values()]);

  const callbackPort = await line(making, 'simulator', 'callbacks', apiPorts);
  const simulatorJournalFile = join(settings.folder, 'simulator-journal.jsonl');
  const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
  const ports = { simulator: simulatorPort, callback: callbackPort };
  const environment = simulatorEnvironment(
    { env: settings.env, secrets },
    ports,
    simulatorJournalFile,
  );
  const simulator = ownPart(making, 'simulator', 'simulator.js', environment, simulatorUrl);
  const service: ChaosPart[] = [];
  for (const [index, name] of [...API_NAMES, ...WORKER_NAMES].entries()) {
    const isApi = index < API_NAMES.length;
    const port = apiPorts[index] ?? (await freePort());
    const url = `http://127.0.0.1:${port}`;
    const addresses = {
      mongodbUri: withPort(mongodb.uri, await line(making, name, 'mongodb', [mongodb.port])),
      temporalPort: await line(making, name, 'temporal', [temporalPort]),
      gatewayPort: await line(making, name, 'simulator', [simulatorPort]),
      callbackPort,
    };
    const own = isApi ? { PORT: String(port), PUBLIC_URL: url } : { METRICS_PORT: String(port) };
    const shared = { ...settings, secrets, webhook };
    const env = serviceEnvironment(shared, addresses, own);
    service.push(ownPart(making, name, isApi ? 'server.js' : 'worker.js', env, url));
  }
  await startAll([simulator]);
  await startAll(service);
  return {
    parts,
    lines,
    secrets,
    apiUrls: apiPorts.map((port) => `http://127.0.0.1:${port}`),
    simulatorUrl,
    direct: { mongodbUri: mongodb.uri, temporalAddress: `127.0.0.1:${temporalPort}` },
    simulatorJournalFile,
    unexpectedEnds,
  };
}

async function startAll(parts: readonly FaultyPart[]): Promise<void> {
  await Promise.all(parts.map(async (part) => await part.start()));
}

function componentSetup({ settings, guard }: Making) {
  const { env, signal, say } = settings;
  return { env, guard, signal, cache: cacheFolder(env), progress: plainProgress(say) };
}

async function temporalPart(making: Making): Promise<number> {
  const { folder, env } = making.settings;
  const program = await prepareTemporalCli(componentSetup(making));
  const port = await freePort();
  // Named to the processes so that they read no profile of this machine.
  writeFileSync(join(folder, 'temporal.toml'), '[profile.default]\n');
  addPart(making, {
    name: 'temporal',
    program,
    args: devServerArguments({ port, databaseFile: join(folder, 'temporal.db') }),
    env,
    probe: async () => await isTemporalReady(`127.0.0.1:${port}`),
  });
  return port;
}

/** A database of its own, so that what else is in a given MongoDB is left alone. */
async function mongoDbPart(
  making: Making,
): Promise<{ readonly uri: string; readonly port: number }> {
  const { folder, env, mongodbUri, mongodbControl, say } = making.settings;
  const database = `chaos_${randomBytes(6).toString('hex')}`;
  if (mongodbUri !== null) {
    const uri = new URL(mongodbUri);
    uri.pathname = `/${database}`;
    if (mongodbControl !== null) {
      const probe = async () => await isMongoDbReady(uri.href);
      making.parts.set('mongodb', new GivenMongoDb(mongodbControl, { env, probe, say }));
    }
    return { uri: uri.href, port: Number(uri.port || 27_017) };
  }
  const dataFolder = join(folder, 'mongodb');
  const engine = await prepareMongoDb(componentSetup(making), dataFolder);
  const port = await freePort();
  const uri = `mongodb://127.0.0.1:${port}/${database}`;
  const command = await mongoDbCommand(engine, { port, dataFolder });
  addPart(making, {
    name: 'mongodb',
    ...command,
    env,
    probe: async () => await isMongoDbReady(uri),
  });
  return { uri, port };
}

function ownPart(
  making: Making,
  name: string,
  file: string,
  env: NodeJS.ProcessEnv,
  url: string,
): ChaosPart {
  return addPart(making, {
    name,
    program: process.execPath,
    args: ['--enable-source-maps', join(projectFolder, 'dist', file)],
    env,
    cwd: projectFolder,
    probe: async () => await answers(`${url}/readyz`),
  });
}

function addPart(
  { settings, guard, parts, unexpectedEnds }: Making,
  specification: Omit<PartSpecification, 'readyDeadlineMs' | 'stopGraceMs'>,
): ChaosPart {
  const { stream } = openProcessLog(settings.folder, specification.name);
  const part = new ChaosPart(
    { ...specification, readyDeadlineMs: READY_MS, stopGraceMs: STOP_MS },
    {
      guard,
      log: stream,
      signal: settings.signal,
      onStarted: settings.onStarted,
      onUnexpectedEnd: (name, how) => {
        unexpectedEnds.push({ name, how, atMs: Date.now() });
        settings.say(`  ! ${name} ${how} by itself`);
      },
    },
  );
  parts.set(part.name, part);
  return part;
}

async function line(
  { lines }: Making,
  from: string,
  to: LineTarget,
  targets: readonly number[],
): Promise<number> {
  const proxy = new TcpProxy(targets);
  const port = await proxy.listen();
  lines.push({ from, to, proxy });
  return port;
}

/** The service first, what it stands on afterwards. */
async function closeStage({ parts, lines, guard }: Making): Promise<void> {
  for (const { proxy } of lines) proxy.setCondition({ kind: 'open' });
  const names = [[...API_NAMES, ...WORKER_NAMES], ['simulator'], ['temporal', 'mongodb']];
  for (const group of names) {
    await Promise.all(group.map(async (name) => await parts.get(name)?.stop()));
  }
  await Promise.all(lines.map(async ({ proxy }) => await proxy.close()));
  guard.close();
}
