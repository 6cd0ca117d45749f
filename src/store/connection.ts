import mongoose, { type Connection, type ConnectOptions } from 'mongoose';

/** A server that does not answer within this time counts as away. The callback's budget is built on it. */
const SERVER_SELECTION_TIMEOUT_MS = 1_500;
/** An open connection that stays silent this long is given up. */
const SOCKET_TIMEOUT_MS = 10_000;
const CONNECT_RETRY_MS = 1_000;

/**
 * Opens a connection that is never buffered: an operation fails at once when the server is away. Majority write
 * concern and journal on everything: what is acknowledged stays.
 * Returns at once; the connection comes up in the background and again after every loss.
 * @param readConcernLevel `majority` for whoever tells others what it reads: a member that has lost its majority without
 * noticing would show what the next one takes back. Deciders read `local`: they must see what they collide with.
 */
export function openConnection(
  uri: string,
  appName: string,
  readConcernLevel: 'local' | 'majority' = 'local',
): Connection {
  const connection = mongoose.createConnection();
  connection.on('error', () => {
    // Readiness and every operation report it; an unhandled event would end the process.
  });
  void connectUntilUp(connection, uri, { appName, readConcernLevel });
  return connection;
}

/**
 * Waits for the first attempt to connect, whichever way it ends: work that begins a moment before the connection is up
 * would complain about a server that is there.
 */
export async function connectionTried(connection: Connection): Promise<void> {
  await connection.asPromise().catch(() => undefined);
}

async function connectUntilUp(
  connection: Connection,
  uri: string,
  options: Pick<ConnectOptions, 'appName' | 'readConcernLevel'>,
): Promise<void> {
  for (;;) {
    if (closing.has(connection)) return;
    try {
      await connection.openUri(uri, {
        ...options,
        bufferCommands: false,
        autoIndex: false,
        autoCreate: false,
        serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
        connectTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
        socketTimeoutMS: SOCKET_TIMEOUT_MS,
        w: 'majority',
        journal: true,
        retryWrites: false,
      });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, CONNECT_RETRY_MS));
    }
  }
}

const closing = new WeakSet<Connection>();

/** Closes the connection, also one that never came up. */
export async function closeConnection(connection: Connection): Promise<void> {
  closing.add(connection);
  await connection.close();
}

/** @throws when MongoDB does not answer in time */
export async function pingConnection(connection: Connection): Promise<void> {
  const database = connection.db;
  if (database === undefined) throw new Error('MongoDB is not connected');
  await database.command({ ping: 1 });
}
