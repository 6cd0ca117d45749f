/** What the benchmarks run against: the whole service as `npm start` runs it, in a folder and on ports of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const READY_DEADLINE_MS = 600_000;
const PROBE_MS = 250;
const STOP_MS = 30_000;

const project = fileURLToPath(new URL('../../', import.meta.url));

export interface Stage {
  readonly apiUrl: string;
  readonly mongodbUri: string;
  readonly temporalAddress: string;
  readonly apiKey: string;
  readonly gatewayKey: KeyObject;
  readonly gatewayPublicKeyFile: string;
  /** Starts a process of this folder and returns the first line that it prints. It ends with the stage. */
  readonly run: (file: string, ...args: readonly string[]) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** @param environment of the process: what it names, such as MONGODB_URI, is used instead of an embedded part */
export async function openStage(environment: NodeJS.ProcessEnv): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const [api, metrics, simulator, mongodb, temporal, temporalUi] = await freePorts(6);
  const children: ChildProcess[] = [];
  const service = spawn(process.execPath, [join(project, 'scripts/start.mjs')], {
    cwd: project,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...environment,
      DATA_DIR: folder,
      PORT: String(api),
      METRICS_PORT: String(metrics),
      SIMULATOR_PORT: String(simulator),
      MONGODB_PORT: String(mongodb),
      TEMPORAL_PORT: String(temporal),
      TEMPORAL_UI_PORT: String(temporalUi),
    },
  });
  children.push(service);
  const close = async () => {
    await Promise.all(children.map(stopped));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(service, [`http://127.0.0.1:${api}`, `http://127.0.0.1:${metrics}`]);
  } catch (error) {
    await close();
    throw error;
  }
  const secrets = join(folder, 'secrets');
  return {
    apiUrl: `http://127.0.0.1:${api}`,
    mongodbUri: environment.MONGODB_URI || `mongodb://127.0.0.1:${mongodb}/payment-orders`,
    temporalAddress: environment.TEMPORAL_ADDRESS || `127.0.0.1:${temporal}`,
    apiKey: readFileSync(join(secrets, 'api-key'), 'utf8').trim(),
    gatewayKey: createPrivateKey(readFileSync(join(secrets, 'gateway-private-key.pem'), 'utf8')),
    gatewayPublicKeyFile: join(secrets, 'gateway-public-key.pem'),
    run: async (file, ...args) => {
      const path = fileURLToPath(new URL(file, import.meta.url));
      const child = spawn(process.execPath, [path, ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      const lines = createInterface({ input: child.stdout });
      const [line] = (await once(lines, 'line')) as [string];
      return line;
    },
    close,
  };
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map(async (server) => await once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map(async (server) => await once(server.close(), 'close')));
  return ports;
}

async function untilReady(service: ChildProcess, origins: readonly string[]): Promise<void> {
  const endMs = Date.now() + READY_DEADLINE_MS;
  while (Date.now() < endMs) {
    if (service.exitCode !== null) throw new Error('the service did not start');
    const answers = await Promise.all(
      origins.map(async (origin) => await fetch(`${origin}/readyz`).catch(() => null)),
    );
    if (answers.every((answer) => answer?.ok === true)) return;
    await pause(PROBE_MS);
  }
  throw new Error('the service was not ready in time');
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const cutOff = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(cutOff);
}
