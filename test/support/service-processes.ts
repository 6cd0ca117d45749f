/** The real processes of the service, as compiled, on free ports: API, worker and simulator. */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { freePort } from '../../src/chaos/addresses.js';
import { DemoService } from '../../src/demo/demo-service.js';
import { type ManagedProcess, startProcess } from '../../src/trial/managed-process.js';
import { waitUntilReady } from '../../src/trial/readiness.js';
import { trialSecrets } from '../../src/trial/trial-secrets.js';
import { testComponentSetup } from './components.js';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const READY_DEADLINE_MS = 60_000;
const STOP_GRACE_MS = 15_000;

export type ProcessName = 'simulator' | 'server' | 'worker';

export interface ServiceProcess {
  kill(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Its output, the last lines. */
  tail(): readonly string[];
}

export interface ServiceUnderTest {
  readonly apiUrl: string;
  readonly simulatorUrl: string;
  readonly apiKey: string;
  readonly demo: DemoService;
  readonly simulator: ServiceProcess;
  readonly api: ServiceProcess;
  readonly worker: ServiceProcess;
  close(): Promise<void>;
}

export interface ServiceOptions {
  /** Given ones replace those of the test run. */
  readonly temporalAddress?: string;
  readonly mongodbUri?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Told every line that a process writes. */
  readonly onLine?: (line: string, process: ProcessName) => void;
}

/** Starts all three and waits until they are ready. */
export async function startService(options: ServiceOptions = {}): Promise<ServiceUnderTest> {
  if (!existsSync(join(dist, 'server.js'))) {
    throw new Error('the service is not built: run npm run build');
  }
  const folder = await mkdtemp(join(tmpdir(), 'service-'));
  const secrets = await trialSecrets(folder);
  const ports = {
    server: await freePort(),
    worker: await freePort(),
    simulator: await freePort(),
  };
  const apiUrl = `http://127.0.0.1:${ports.server}`;
  const simulatorUrl = `http://127.0.0.1:${ports.simulator}`;
  const merchantNo = `M${randomBytes(6).toString('hex')}`;
  const mongodb = new URL(options.mongodbUri ?? inject('mongodbUri'));
  mongodb.pathname = `/test_${randomUUID().replaceAll('-', '')}`;
  const environment: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    HOST: '127.0.0.1',
    PORT: String(ports.server),
    PUBLIC_URL: apiUrl,
    METRICS_PORT: String(ports.worker),
    MONGODB_URI: mongodb.href,
    TEMPORAL_ADDRESS: options.temporalAddress ?? inject('temporalAddress'),
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_CONFIG_FILE: join(folder, 'temporal.toml'),
    TEMPORAL_TASK_QUEUE: `service-${randomUUID()}`,
    CODEPAY_BASE_URL: `${simulatorUrl}/api/entry`,
    CODEPAY_APP_ID: 'app',
    CODEPAY_MERCHANT_NO: merchantNo,
    CODEPAY_PRIVATE_KEY_FILE: secrets.merchant.privateKeyFile,
    CODEPAY_PUBLIC_KEY_FILE: secrets.gateway.publicKeyFile,
    CODEPAY_NOT_FOUND_CODES: 'ORDER_NOT_FOUND',
    CODEPAY_NOTIFY_URL: `${apiUrl}/v1/webhooks/codepay`,
    API_KEYS: `test:${secrets.apiKey}`,
    OPS_TOKENS: `test:${secrets.opsToken}`,
    VERIFY_TOKEN_SECRET: secrets.verifyTokenSecret,
    SIMULATOR_PORT: String(ports.simulator),
    SIMULATOR_PUBLIC_URL: simulatorUrl,
    SIMULATOR_PRIVATE_KEY_FILE: secrets.gateway.privateKeyFile,
    SIMULATOR_MERCHANT_PUBLIC_KEY_FILE: secrets.merchant.publicKeyFile,
    SIMULATOR_CALLBACK_TIME_SCALE: '0.05',
    TRIAL_MODE: '1',
    DATA_DIR: folder,
    LOG_LEVEL: 'info',
    ...options.environment,
  };
  const control = (name: ProcessName, port: number) =>
    serviceProcess(name, {
      env: environment,
      readyUrl: `http://127.0.0.1:${port}/readyz`,
      onLine: (line) => options.onLine?.(line, name),
    });
  const parts = {
    simulator: control('simulator', ports.simulator),
    api: control('server', ports.server),
    worker: control('worker', ports.worker),
  };
  await Promise.all(Object.values(parts).map(async (part) => await part.start()));
  return {
    ...parts,
    apiUrl,
    simulatorUrl,
    apiKey: secrets.apiKey,
    demo: new DemoService({ apiUrl, simulatorUrl, apiKey: secrets.apiKey }),
    close: async () => {
      await Promise.all(Object.values(parts).map(async (part) => await part.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function serviceProcess(
  name: ProcessName,
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly readyUrl: string;
    readonly onLine: (line: string) => void;
  },
): ServiceProcess {
  const { env, readyUrl, onLine } = options;
  let child: ManagedProcess | null = null;
  return {
    start: async () => {
      const started = await startProcess(
        { program: process.execPath, args: [join(dist, `${name}.js`)], env },
        { ...testComponentSetup(), onLine },
      );
      child = started;
      const probe = async () => (await fetch(readyUrl).catch(() => null))?.ok === true;
      await waitUntilReady(started, { name, probe, deadlineMs: READY_DEADLINE_MS });
    },
    kill: async () => {
      child?.kill('SIGKILL');
      await child?.ended;
    },
    stop: async () => {
      await child?.stop(STOP_GRACE_MS);
    },
    tail: () => child?.tail() ?? [],
  };
}
