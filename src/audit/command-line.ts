/** What the commands about stored orders have in common: where they read from, and how they fail. */
import { CommanderError } from 'commander';
import mongoose, { type Connection } from 'mongoose';

const SERVER_SELECTION_TIMEOUT_MS = 5_000;

/** Thrown when a command was given what it cannot work with. The message is for the person who called it. */
export class UsageError extends Error {
  readonly code = 'usage';

  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/**
 * Reads a database for as long as it takes, and closes the connection whatever happens.
 * @throws {UsageError} without an address
 */
export async function withDatabase<T>(
  uri: string | undefined,
  read: (connection: Connection) => Promise<T>,
): Promise<T> {
  if (uri === undefined || uri === '') {
    throw new UsageError(
      'give a file by --file, or the database in MONGODB_URI; that of npm start is mongodb://127.0.0.1:27018/payment-orders',
    );
  }
  const connection = mongoose.createConnection(uri, {
    appName: 'payment-orders audit',
    autoIndex: false,
    autoCreate: false,
    readPreference: 'primary',
    serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
  });
  try {
    await connection.asPromise();
    return await read(connection);
  } finally {
    await connection.close();
  }
}

/**
 * Runs a command to its exit code. What went wrong is one line on standard error, and code 2: code 1 is a result.
 * Wrong arguments and `--help` have been answered by commander, which throws where it would end the process.
 */
export function runCommand(command: () => Promise<number>): void {
  command().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      if (error instanceof CommanderError) {
        process.exitCode = error.exitCode === 0 ? 0 : 2;
        return;
      }
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 2;
    },
  );
}
