import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** Slower senders are cut off. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Node looks for slow senders every 30 s by itself: the first of these times would then be up to 40 s. */
const TIMEOUT_CHECK_INTERVAL_MS = 1_000;
/** Longer than load balancers keep an idle connection, so that it is never we who close one they are about to use. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/**
 * @param answerUnreadable for what is no HTTP request; Node's bare status when not given
 * @throws when the address cannot be listened on
 */
export async function listen(
  listener: RequestListener,
  address: { readonly host: string; readonly port: number },
  answerUnreadable?: (error: Error, socket: Duplex) => void,
): Promise<Server> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    },
    listener,
  );
  if (answerUnreadable !== undefined) server.on('clientError', answerUnreadable);
  // An expectation that nobody knows is left unmet; Node would refuse without a word.
  server.on('checkExpectation', listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server;
}

/** The port that was given to a server listening on port 0. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** How often connections that have become idle are looked for while the server closes. */
const CLOSE_IDLE_INTERVAL_MS = 50;

/** Takes no new connections, lets requests finish, and cuts off what is left at the deadline. */
export async function closeServer(server: Server, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection kept alive is idle only after its answer, and would hold the server open for long.
  const closeIdle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_INTERVAL_MS);
  const cutOff = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearInterval(closeIdle);
  clearTimeout(cutOff);
}
