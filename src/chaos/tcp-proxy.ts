/** A line between two processes that can be made slow, silent or broken. */
import { connect, createServer, type Server, type Socket } from 'node:net';

/** How the line is: as it should be, each chunk late, nothing passes, or every connection is broken off. */
export type LineCondition =
  | { readonly kind: 'open' }
  | { readonly kind: 'slow'; readonly latencyMs: number }
  | { readonly kind: 'silent' }
  | { readonly kind: 'broken' };

export const OPEN_LINE: LineCondition = { kind: 'open' };

const HOST = '127.0.0.1';

interface Connection {
  readonly near: Socket;
  readonly far: Socket;
}

/**
 * Passes connections on to the next of its targets that accepts them. While it is silent everything is held and goes on
 * afterwards, as TCP does when packets are lost for a while.
 */
export class TcpProxy {
  readonly #targets: readonly number[];
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  #condition: LineCondition = OPEN_LINE;
  #next = 0;

  /** @param targets ports on loopback, taken in turn */
  constructor(targets: readonly number[]) {
    this.#targets = targets;
    this.#server = createServer({ allowHalfOpen: false }, (near) => void this.#accept(near));
  }

  /** @returns the port it listens on */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, HOST, resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
    return address.port;
  }

  setCondition(condition: LineCondition): void {
    this.#condition = condition;
    for (const { near, far } of this.#connections) {
      if (condition.kind === 'broken') destroy(near, far);
      else if (condition.kind === 'silent') pause(near, far);
      else resume(near, far);
    }
  }

  async close(): Promise<void> {
    for (const { near, far } of this.#connections) destroy(near, far);
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #accept(near: Socket): Promise<void> {
    near.on('error', () => near.destroy());
    near.pause();
    if (this.#condition.kind === 'broken') {
      near.resetAndDestroy();
      return;
    }
    const far = await this.#reach();
    if (far === null || near.destroyed || this.#isBroken()) {
      destroy(near, ...(far === null ? [] : [far]));
      return;
    }
    const connection = { near, far };
    this.#connections.add(connection);
    const forget = () => {
      // Not before both are closed: one that was paused on its own would be paused for ever.
      if (near.closed && far.closed) this.#connections.delete(connection);
    };
    near.once('close', forget);
    far.once('close', forget);
    this.#pass(near, far);
    this.#pass(far, near);
    if (this.#condition.kind !== 'silent') resume(near, far);
  }

  #isBroken(): boolean {
    return this.#condition.kind === 'broken';
  }

  /** A target that refuses is passed over. */
  async #reach(): Promise<Socket | null> {
    for (let tried = 0; tried < this.#targets.length; tried += 1) {
      const port = this.#targets[this.#next % this.#targets.length] ?? 0;
      this.#next += 1;
      const socket = await dial(port);
      if (socket !== null) return socket;
    }
    return null;
  }

  #pass(from: Socket, to: Socket): void {
    let lastDueMs = 0;
    let heldChunks = 0;
    let ended = false;
    const finish = () => {
      if (ended && heldChunks === 0) to.end();
    };
    from.on('data', (chunk) => {
      const { latencyMs } = this.#condition.kind === 'slow' ? this.#condition : { latencyMs: 0 };
      // What was sent later never arrives earlier.
      const dueMs = Math.max(lastDueMs, Date.now() + latencyMs);
      lastDueMs = dueMs;
      heldChunks += 1;
      const write = () => {
        heldChunks -= 1;
        if (!to.destroyed && !to.write(chunk)) from.pause();
        finish();
      };
      if (dueMs <= Date.now() && heldChunks === 1) write();
      else setTimeout(write, dueMs - Date.now());
    });
    to.on('drain', () => {
      if (this.#condition.kind !== 'silent') from.resume();
    });
    from.on('end', () => {
      ended = true;
      finish();
    });
    from.on('error', () => destroy(from, to));
    from.on('close', () => {
      if (!ended) to.destroy();
    });
  }
}

async function dial(port: number): Promise<Socket | null> {
  return await new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    socket.pause();
    socket.once('connect', () => {
      socket.setNoDelay(true);
      resolve(socket);
    });
    socket.once('error', () => {
      socket.destroy();
      resolve(null);
    });
  });
}

function destroy(...sockets: readonly Socket[]): void {
  for (const socket of sockets) if (!socket.destroyed) socket.resetAndDestroy();
}

function pause(...sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.pause();
}

function resume(...sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.resume();
}
