import { type DestinationStream, type Logger, pino } from 'pino';

/** Names whose values are never logged, at whatever depth down to three. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'sign',
  'privateKey',
  'apiKey',
  'token',
  'verifyToken',
  'secret',
  'password',
  'body',
  'sealedBody',
  'bizData',
  'csrfToken',
  'payUserAccountId',
  'pay_user_account_id',
] as const;

const CAUSE_DEPTH_MAX = 5;

export interface LoggerOptions {
  readonly level: string;
  readonly name: string;
  /** Of what runs when a line is written; `null` outside of any trace. */
  readonly traceId?: (() => string | null) | undefined;
}

/**
 * The structured log: one JSON line each, ISO times, level names.
 * @param destination where lines go; standard output when not given
 */
export function createLogger(options: LoggerOptions, destination?: DestinationStream): Logger {
  const { traceId } = options;
  return pino(
    {
      name: options.name,
      level: options.level,
      base: { name: options.name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[redacted]',
      },
      ...(traceId === undefined ? {} : { mixin: () => traceFields(traceId()) }),
      serializers: { err: (error: unknown) => loggedError(error) },
    },
    destination,
  );
}

function traceFields(traceId: string | null): object {
  return traceId === null ? {} : { traceId };
}

/**
 * An error as it may be logged. Only these fields: libraries hang whole requests, documents and bodies on their errors.
 */
export function loggedError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.cause === undefined || depth >= CAUSE_DEPTH_MAX
      ? {}
      : { cause: loggedError(error.cause, depth + 1) }),
  };
}
