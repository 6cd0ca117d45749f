import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { loggedError } from '../../logger.js';

/** Ids from outside are kept only in this form: nothing in them can forge a log line. */
const REQUEST_ID_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

const UNLOGGED_PATHS: ReadonlySet<string> = new Set(['/livez', '/readyz', '/healthz', '/metrics']);

/** The request's id, as given in X-Request-Id or made here. */
export function requestIdOf(request: Request): string {
  return String(request.id);
}

/** Logs each request when it is answered: no headers, no body, no query. 4xx are warnings, 5xx errors. */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp<Request, Response>({
    logger,
    genReqId: (request, response) => {
      const given = request.headers['x-request-id'];
      const id = typeof given === 'string' && REQUEST_ID_PATTERN.test(given) ? given : randomUUID();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'requestId', responseTime: 'durationMs' },
    autoLogging: { ignore: (request) => UNLOGGED_PATHS.has(pathOf(request)) },
    customLogLevel: (_request, response) => {
      if (response.statusCode >= 500) return 'error';
      return response.statusCode >= 400 ? 'warn' : 'info';
    },
    wrapSerializers: false,
    serializers: {
      req: (request: Request) => ({ method: request.method, path: pathOf(request) }),
      res: (response: Response) => ({ statusCode: response.statusCode }),
      err: (error: unknown) => loggedError(error),
    },
    customSuccessObject: (request, response, fields: object) => ({
      ...fields,
      ...correlation(request, response),
    }),
    customErrorObject: (request, response, _error, fields: object) => ({
      ...fields,
      ...correlation(request, response),
    }),
    customErrorMessage: () => 'request failed',
  });
}

function pathOf(request: IncomingMessage): string {
  const url =
    'originalUrl' in request && typeof request.originalUrl === 'string'
      ? request.originalUrl
      : request.url;
  return (url ?? '').split('?', 1)[0] ?? '';
}

/** What ties a log line to an order and to the error that was answered. */
function correlation(request: Request, response: Response): object {
  // Express forgets the parameters when a router is left, so the path is read again.
  const encoded = /^\/v1\/orders\/([^/]+)/.exec(pathOf(request))?.[1];
  const problemCode: unknown = response.locals.problemCode;
  return {
    ...(encoded === undefined ? {} : { merchantOrderNo: decoded(encoded) }),
    ...(typeof problemCode === 'string' ? { problemCode } : {}),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
