import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { MERCHANT_ORDER_NO_PATTERN } from '../../domain/order.js';
import { loggedError } from '../../logger.js';
import { orderWorkflowId } from '../../workflows/order-messages.js';

/** Ids from outside are kept only in this form: nothing in them can forge a log line. */
const REQUEST_ID_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

const UNLOGGED_PATHS: ReadonlySet<string> = new Set(['/livez', '/readyz', '/healthz', '/metrics']);

/** Also of the console, which has the same calls below its own path. */
const ORDER_PATH = /^(?:\/console\/live|(?:\/console)?\/v1)\/orders\/([^/]+)/;

/** The request's id, as given in X-Request-Id or made here. */
export function requestIdOf(request: Request): string {
  return String(request.id);
}

/**
 * Logs each request when it is answered: no headers, no body, no query. 4xx are warnings, 5xx errors.
 * @param merchantNo whose orders they are, which gives the workflow's id
 */
export function requestLog(logger: Logger, merchantNo: string): RequestHandler {
  const correlation = correlatedBy(merchantNo);
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
      event: 'request.completed',
      ...correlation(request, response),
    }),
    customErrorObject: (request, response, _error, fields: object) => ({
      ...fields,
      event: 'request.failed',
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

/** What ties a log line to an order, its run in Temporal, its trace and the error that was answered. */
function correlatedBy(merchantNo: string) {
  return (request: Request, response: Response): object => {
    const merchantOrderNo = orderNoOf(request, response);
    const { actor, problemCode, traceId }: Record<string, unknown> = response.locals;
    return {
      ...(merchantOrderNo === null
        ? {}
        : { merchantOrderNo, workflowId: orderWorkflowId(merchantNo, merchantOrderNo) }),
      ...(typeof actor === 'string' ? { actor } : {}),
      ...(typeof traceId === 'string' ? { traceId } : {}),
      ...(typeof problemCode === 'string' ? { problemCode } : {}),
    };
  };
}

/** Express forgets the parameters when a router is left, so the path is read again; a new order's is in the answer. */
function orderNoOf(request: Request, response: Response): string | null {
  const location = response.getHeader('Location');
  for (const path of [pathOf(request), typeof location === 'string' ? location : '']) {
    const text = ORDER_PATH.exec(path)?.[1];
    const merchantOrderNo = text === undefined ? null : decoded(text);
    // What is no number of an order could be anything that somebody typed.
    if (merchantOrderNo !== null && MERCHANT_ORDER_NO_PATTERN.test(merchantOrderNo)) {
      return merchantOrderNo;
    }
  }
  return null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
