/** `npm start` as a whole, with the real components and processes, on ports and in a data folder of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort } from '../../src/chaos/addresses.js';
import { projectFolder } from '../../src/trial/entry.js';
import { eventually } from '../support/eventually.js';

const START_DEADLINE_MS = 90_000;
const STOP_DEADLINE_MS = 30_000;
const TEST_TIMEOUT_MS = 180_000;
const PORT_VARIABLES = [
  'PORT',
  'METRICS_PORT',
  'SIMULATOR_PORT',
  'MONGODB_PORT',
  'TEMPORAL_PORT',
  'TEMPORAL_UI_PORT',
] as const;

interface TrialRun {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exitCode: Promise<number | null>;
}

let dataDir: string;
let env: NodeJS.ProcessEnv;
let runs: TrialRun[];

beforeEach(async () => {
  if (!existsSync(join(projectFolder, 'dist/trial/main.js'))) {
    throw new Error('the service is not built: run npm run build');
  }
  dataDir = await mkdtemp(join(tmpdir(), 'trial-'));
  runs = [];
  env = { DATA_DIR: dataDir };
  for (const name of ['PATH', 'HOME', 'XDG_CACHE_HOME', 'JAVA_HOME']) env[name] = process.env[name];
  for (const name of PORT_VARIABLES) env[name] = String(await freePort());
});

afterEach(async () => {
  for (const { child, exitCode } of runs) {
    child.kill('SIGTERM');
    await exitCode;
  }
  await rm(dataDir, { recursive: true, force: true });
});

/** What `npm start` runs once all is installed and built. */
function startTrial(changes: NodeJS.ProcessEnv = {}): TrialRun {
  const script = `
    const { createProgress } = await import('${projectFolder}scripts/progress.mjs');
    const { runTrial } = await import('${projectFolder}dist/trial/main.js');
    process.exit(await runTrial(createProgress()));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...env, ...changes },
    cwd: projectFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const run = {
    child,
    output: () => output,
    exitCode: new Promise<number | null>((resolve) => child.once('close', resolve)),
  };
  runs.push(run);
  return run;
}

async function untilSaid(run: TrialRun, text: string): Promise<void> {
  await eventually(
    `${text}`,
    () => {
      if (run.output().includes(text)) return true;
      if (run.child.exitCode !== null) throw new Error(run.output());
      return false;
    },
    START_DEADLINE_MS,
  );
}

/** Ids of everything below a process, from the system's own list. */
function descendants(pid: number): Map<number, string> {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split(
    '\n',
  );
  const processes = lines.flatMap((line) => {
    const [, id, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return id === undefined ? [] : [{ id: Number(id), parent: Number(parent), args: args ?? '' }];
  });
  const found = new Map<number, string>();
  const collect = (parent: number) => {
    for (const { id, args } of processes.filter((other) => other.parent === parent)) {
      if (args.startsWith('ps -A')) continue;
      found.set(id, args);
      collect(id);
    }
  };
  collect(pid);
  return found;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function isAnswered(port: string | undefined): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function expectNothingLeft(children: ReadonlyMap<number, string>): Promise<void> {
  await eventually(
    'no process is left',
    () => ![...children.keys()].some(isAlive),
    STOP_DEADLINE_MS,
  );
  for (const name of PORT_VARIABLES) expect(await isAnswered(env[name]), name).toBe(false);
}

it(
  'when it runs, then orders can be made, a second start says where, a killed worker comes back, and SIGTERM leaves nothing',
  async () => {
    const run = startTrial();
    await untilSaid(run, 'Ctrl-C stops all of it.');
    const children = descendants(run.child.pid ?? 0);
    expect(children.size).toBe(6);

    const apiKey = /API key +(\S+)/.exec(run.output())?.[1];
    const response = await fetch(`http://127.0.0.1:${env.PORT}/v1/orders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: '{"merchantOrderNo":"A-1","channel":"hosted","amount":1050,"currency":"USD"}',
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ paymentUrl: expect.stringMatching(/^http/) });

    const second = startTrial();
    expect(await second.exitCode).toBe(0);
    expect(second.output().trim()).toBe(`It is running already, at http://localhost:${env.PORT}.`);

    const [worker] = [...children].find(([, args]) => args.endsWith('worker.js')) ?? [];
    if (worker === undefined) throw new Error('no worker');
    process.kill(worker, 'SIGKILL');
    await untilSaid(run, 'worker was ended by SIGKILL; starting it again in 0.5 s');
    await untilSaid(run, 'worker is back');

    const atTheEnd = descendants(run.child.pid ?? 0);
    run.child.kill('SIGTERM');
    expect(await run.exitCode).toBe(0);
    await expectNothingLeft(atTheEnd);
  },
  TEST_TIMEOUT_MS,
);

it(
  'when it is killed, then nothing is left, and the next start finds its data',
  async () => {
    const first = startTrial();
    await untilSaid(first, 'Ctrl-C stops all of it.');
    const children = descendants(first.child.pid ?? 0);
    first.child.kill('SIGKILL');
    await expectNothingLeft(children);

    const apiKey = /API key +(\S+)/.exec(first.output())?.[1];
    const next = startTrial();
    await untilSaid(next, 'Ctrl-C stops all of it.');
    expect(/API key +(\S+)/.exec(next.output())?.[1]).toBe(apiKey);
  },
  TEST_TIMEOUT_MS,
);

it(
  'when a gateway is given without its credentials, then the missing variables are shown and nothing is left',
  async () => {
    const run = startTrial({ CODEPAY_BASE_URL: 'https://gateway.test/api/entry' });
    expect(await run.exitCode).toBe(1);
    expect(run.output()).toMatch(/(api|worker) ended with code 1 before it was ready\./);
    for (const name of ['CODEPAY_APP_ID', 'CODEPAY_MERCHANT_NO', 'CODEPAY_PRIVATE_KEY']) {
      expect(run.output()).toContain(name);
    }
    await expectNothingLeft(new Map());
  },
  TEST_TIMEOUT_MS,
);
