/** The simulator as a process: told by the environment, stopped by a signal. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';

const ENTRY = fileURLToPath(new URL('../../src/simulator.ts', import.meta.url));
const vector = (name: string) => fileURLToPath(new URL(`vectors/${name}`, import.meta.url));

const GOOD: NodeJS.ProcessEnv = {
  SIMULATOR_PORT: '0',
  SIMULATOR_PRIVATE_KEY_FILE: vector('rsa2048.pkcs1.pem'),
  SIMULATOR_MERCHANT_PUBLIC_KEY_FILE: vector('other.spki.pem'),
  CODEPAY_APP_ID: 'app-1',
  CODEPAY_MERCHANT_NO: 'M1',
};

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(environment: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, ['--import', 'tsx', ENTRY], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const output = { text: '' };
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output.text += chunk;
    });
  }
  return { child, output, exited };
}

describe('the simulator process', () => {
  it('when it is told everything, then it listens, answers, and a signal ends it orderly', async () => {
    const { child, output, exited } = start(GOOD);
    const url = await eventually('it listens', () => /"url":"([^"]+)"/.exec(output.text)?.[1]);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  }, 30_000);

  it('when variables are missing or wrong, then all are named, no value is, and it does not start', async () => {
    const { output, exited } = start({
      SIMULATOR_PRIVATE_KEY_FILE: vector('rsa2048.spki.pem'),
      SIMULATOR_PORT: '70000',
      CODEPAY_MERCHANT_NO: 'M1',
    });
    expect(await exited).toBe(1);
    expect(output.text).toContain('SIMULATOR_PRIVATE_KEY_FILE');
    expect(output.text).toContain('this is a public one');
    expect(output.text).toContain('SIMULATOR_MERCHANT_PUBLIC_KEY_FILE is missing');
    expect(output.text).toContain('CODEPAY_APP_ID is missing');
    expect(output.text).toContain('SIMULATOR_PORT');
    expect(output.text).not.toContain('70000');
  }, 30_000);

  it('when its port is in use, then it says so in one line', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { output, exited } = start({ ...GOOD, SIMULATOR_PORT: String(port) });
    expect(await exited).toBe(1);
    expect(output.text.trim()).toBe(
      'the simulator cannot start: its port is in use; set SIMULATOR_PORT to a free one',
    );
    await new Promise((resolve) => taken.close(resolve));
  }, 30_000);
});
