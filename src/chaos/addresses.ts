/** Where things listen, on this machine alone. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const HOST = '127.0.0.1';

/** The given address with another port, and without looking for further members behind it. */
export function withPort(uri: string, port: number): string {
  const url = new URL(uri);
  url.hostname = HOST;
  url.port = String(port);
  url.searchParams.set('directConnection', 'true');
  return url.href;
}

/**
 * Below those that systems give to outgoing connections: until its process listens, any of them could take such a port,
 * and a process that was killed could not come back on it.
 */
const PORTS = { from: 15_000, to: 32_000 } as const;

/** Ports that nobody listens on at this moment, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(PORTS.from, PORTS.to);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, HOST);
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('no free port');
  return port;
}
