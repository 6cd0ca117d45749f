/** The process as it is started: with MongoDB and Temporal away, with a wrong configuration, and how it stops. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, inject, it } from 'vitest';
import { ConsoleCaller } from '../console/console-caller.js';
import { readEvents } from '../console/event-reader.js';
import { eventually } from '../support/eventually.js';
import { serverEnvironment } from './api-environment.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface ServerProcess {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

function startServer(environment: NodeJS.ProcessEnv): ServerProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/server.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return { child, output: () => output, exited };
}

async function portsOf({ output }: ServerProcess): Promise<number[]> {
  return await eventually('listening', () => {
    const ports = /"ports":\[([0-9,]+)\]/.exec(output())?.[1];
    return ports?.split(',').map(Number);
  });
}

it('when MongoDB and Temporal are away, then it starts, says what is missing, and stops in good order', async () => {
  const server = startServer(serverEnvironment());
  const [port] = await portsOf(server);
  expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
  const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({
    status: 'not_ready',
    parts: { mongodb: 'down', temporal: 'down' },
  });
  const stoppingMs = Date.now();
  server.child.kill('SIGTERM');
  expect(await server.exited).toBe(0);
  expect(Date.now() - stoppingMs).toBeLessThan(10_000);
  expect(server.output()).toContain('api.stopped');
});

it('when it is asked to stop, then a request that is under way is answered first', async () => {
  const server = startServer(serverEnvironment());
  const [port] = await portsOf(server);
  const socket = connect(port ?? 0, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString();
  });
  socket.write(
    'POST /v1/webhooks/codepay HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":',
  );
  // Answered on another connection: the first one has arrived by then.
  await fetch(`http://127.0.0.1:${port}/livez`);
  const stoppingMs = Date.now();
  server.child.kill('SIGTERM');
  await eventually('it is stopping', () => server.output().includes('api.stopping'));
  socket.write('1}');
  await once(socket, 'close');
  expect(answer).toContain('HTTP/1.1 401');
  expect(answer).toContain('signature_missing');
  expect(await server.exited, server.output()).toBe(0);
  // Its connection would have been kept alive for longer.
  expect(Date.now() - stoppingMs).toBeLessThan(4_500);
});

it('when it is asked to stop while a console holds streams, then they end first and it does not wait', async () => {
  const mongodbUri = new URL(inject('mongodbUri'));
  mongodbUri.pathname = `/test_${randomUUID().replaceAll('-', '')}`;
  const server = startServer({ ...serverEnvironment(), MONGODB_URI: mongodbUri.href });
  const [port] = await portsOf(server);
  const url = `http://127.0.0.1:${port}`;
  const operator = await ConsoleCaller.login({ url });
  const reader = await readEvents(operator, '/live');
  const snapshot = await reader.until('there is a snapshot', () => true);
  expect(snapshot.data.parts).toMatchObject({ temporal: 'down', worker: 'unknown' });
  const stoppingMs = Date.now();
  server.child.kill('SIGTERM');
  expect(await server.exited, server.output()).toBe(0);
  // A request that does not end by itself is cut off only after 5 s.
  expect(Date.now() - stoppingMs).toBeLessThan(4_500);
  await eventually('the stream has ended', () => reader.isEnded);
});

it('when it is no trial, then metrics are on METRICS_PORT alone', async () => {
  const server = startServer({ ...serverEnvironment(), TRIAL_MODE: '0', METRICS_PORT: '0' });
  const [port, metricsPort] = await portsOf(server);
  expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(404);
  const metrics = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
  expect(await metrics.text()).toContain('payments_build_info{');
});

it('when the configuration is wrong, then every variable is named, no value is printed, and it ends with 1', async () => {
  const server = startServer({
    ...serverEnvironment(),
    MONGODB_URI: 'postgres://secret@host',
    API_KEYS: 'shop:a-secret',
    PORT: 'many',
  });
  expect(await server.exited).toBe(1);
  for (const name of ['MONGODB_URI', 'API_KEYS', 'PORT']) expect(server.output()).toContain(name);
  expect(server.output()).not.toContain('secret@host');
  expect(server.output()).not.toContain('a-secret');
});

it('when the port is in use, then one line says so', async () => {
  const first = startServer(serverEnvironment());
  const [port] = await portsOf(first);
  const second = startServer({ ...serverEnvironment(), PORT: String(port) });
  expect(await second.exited).toBe(1);
  expect(second.output()).toContain('the port is in use');
});
