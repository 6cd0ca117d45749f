import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { TcpProxy } from '../../../src/chaos/tcp-proxy.js';
import { eventually } from '../../support/eventually.js';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

/** Answers everything with the same, in its own name. */
async function echoServer(name = ''): Promise<{ readonly port: number; readonly server: Server }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (chunk) => socket.write(`${name}${chunk}`));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, server };
}

async function proxyTo(...ports: readonly number[]) {
  const proxy = new TcpProxy(ports);
  const port = await proxy.listen();
  opened.push(proxy);
  return { proxy, port };
}

function client(port: number) {
  const socket = connect({ port, host: '127.0.0.1' });
  const seen = { text: '', isClosed: false };
  socket.on('data', (chunk) => {
    seen.text += chunk;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    seen.isClosed = true;
  });
  opened.push({ close: () => socket.destroy() });
  return { socket, seen };
}

describe('a line that is open', () => {
  it('when bytes are sent, then the same come back, in their order', async () => {
    const { port } = await proxyTo((await echoServer()).port);
    const { socket, seen } = client(port);
    const sent = Array.from({ length: 200 }, (_, index) => `${index};`);
    for (const chunk of sent) socket.write(chunk);
    await eventually('all came back', () => seen.text === sent.join(''));
  });

  it('when one target refuses, then the next one gets the connection', async () => {
    const gone = await echoServer();
    await new Promise((resolve) => gone.server.close(resolve));
    const { port } = await proxyTo(gone.port, (await echoServer('second:')).port);
    const { socket, seen } = client(port);
    socket.write('a');
    await eventually('the second answered', () => seen.text === 'second:a');
  });
});

describe('a line with a fault', () => {
  it('when it is slow, then bytes arrive later, and still in their order', async () => {
    const { proxy, port } = await proxyTo((await echoServer()).port);
    proxy.setCondition({ kind: 'slow', latencyMs: 100 });
    const { socket, seen } = client(port);
    const sentAtMs = Date.now();
    socket.write('a');
    await eventually('the first came back', () => seen.text === 'a');
    expect(Date.now() - sentAtMs).toBeGreaterThanOrEqual(195);
    socket.write('b');
    proxy.setCondition({ kind: 'open' });
    socket.write('c');
    await eventually('both came back', () => seen.text === 'abc');
  });

  it('when it is silent, then nothing passes, and when it is over, all that was held does', async () => {
    const { proxy, port } = await proxyTo((await echoServer()).port);
    const held = client(port);
    held.socket.write('a');
    await eventually('it works', () => held.seen.text === 'a');
    proxy.setCondition({ kind: 'silent' });
    held.socket.write('b');
    const late = client(port);
    late.socket.write('c');
    const other = await proxyTo((await echoServer()).port);
    const witness = client(other.port);
    witness.socket.write('w');
    await eventually('another line works meanwhile', () => witness.seen.text === 'w');
    expect([held.seen.text, late.seen.text]).toEqual(['a', '']);
    proxy.setCondition({ kind: 'open' });
    await eventually('both go on', () => held.seen.text === 'ab' && late.seen.text === 'c');
  });

  it('when it is broken, then connections end and new ones too, and when it is over, new ones work', async () => {
    const { proxy, port } = await proxyTo((await echoServer()).port);
    const before = client(port);
    before.socket.write('a');
    await eventually('it works', () => before.seen.text === 'a');
    proxy.setCondition({ kind: 'broken' });
    await eventually('the connection ends', () => before.seen.isClosed);
    const during = client(port);
    await eventually('a new one ends too', () => during.seen.isClosed);
    proxy.setCondition({ kind: 'open' });
    const after = client(port);
    after.socket.write('b');
    await eventually('it works again', () => after.seen.text === 'b');
  });
});

describe('a line that is taken away', () => {
  it('when one side has ended and the other has not, then closing it waits for nobody', async () => {
    const server = createServer((socket) => socket.end('that is all'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push(server);
    const { port: target } = server.address() as AddressInfo;
    const { proxy, port } = await proxyTo(target);
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    opened.push({ close: () => socket.destroy() });
    socket.on('error', () => {});
    const hasEnded = new Promise((resolve) => socket.once('end', resolve));
    socket.resume();
    await hasEnded;
    await proxy.close();
    const { seen } = client(port);
    await eventually('nobody listens any more', () => seen.isClosed);
  });
});
