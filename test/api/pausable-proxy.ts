import { type AddressInfo, connect as connectTo, createServer, type Socket } from 'node:net';

/** A way to a server that can fall silent: connections stay open, and nothing comes through any more. */
export interface PausableProxy {
  readonly port: number;
  pause(): void;
  close(): Promise<void>;
}

export async function startPausableProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<PausableProxy> {
  const sockets = new Set<Socket>();
  let isPaused = false;
  const server = createServer((client) => {
    const upstream = connectTo(target.port, target.host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (!isPaused) to.write(chunk);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    pause: () => {
      isPaused = true;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
