/** The simulator's HTTP side: the wire, the control API, the pages, health. */
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { ZodError } from 'zod';
import type { SimulatorControl } from './simulator-control.js';
import { createControlRouter } from './simulator-control.routes.js';
import { createEntryRouter, type EntryContext } from './simulator-entry.routes.js';
import { OrderRefusal } from './simulator-order.js';
import { createPageRouter } from './simulator-pages.routes.js';

export interface SimulatorAppOptions extends EntryContext {
  readonly control: SimulatorControl;
  /** Whether others than this machine may use the control API. */
  readonly isControlOpen: boolean;
  /** Serial numbers of terminals that are there from the start. */
  readonly terminals: readonly string[];
}

export function createSimulatorApp(options: SimulatorAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.get(['/livez', '/readyz'], (_, response) => {
    response.json({ status: 'up' });
  });
  app.use(createEntryRouter(options));
  app.use(
    helmet({
      contentSecurityPolicy: false,
      strictTransportSecurity: false,
      // With no referrer at all browsers send no origin either, and forms could not be told from foreign ones.
      referrerPolicy: { policy: 'same-origin' },
    }),
  );
  app.use(onlySameOrigin);
  app.use(createControlRouter(options.control, options.isControlOpen));
  app.use(createPageRouter(options));
  app.use((_, response) => {
    response.status(404).json({ code: 'not_found', detail: 'nothing is here' });
  });
  app.use(answerError(options));
  return app;
}

/** Pages of other sites must not press buttons here: browsers say where a form comes from. */
const onlySameOrigin: RequestHandler = (request, response, next) => {
  const { origin } = request.headers;
  const isOwn =
    origin === undefined || (URL.canParse(origin) && new URL(origin).host === request.headers.host);
  if (request.method === 'GET' || request.method === 'HEAD' || isOwn) {
    next();
    return;
  }
  response.status(403).json({ code: 'forbidden', detail: 'the request comes from another site' });
};

function answerError({ codepay }: SimulatorAppOptions): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (error instanceof OrderRefusal) {
      const status = error.code === 'ORDER_NOT_FOUND' ? 404 : 409;
      response.status(status).json({ code: error.code, detail: error.message });
      return;
    }
    if (error instanceof ZodError) {
      const detail = error.issues
        .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
        .join('; ');
      response.status(400).json({ code: 'validation_failed', detail });
      return;
    }
    const status = clientErrorStatus(error);
    if (status !== null) {
      response
        .status(status)
        .json({ code: 'malformed_body', detail: 'the request cannot be read' });
      return;
    }
    codepay.options.logger.error({ err: error }, 'request failed');
    response.status(500).json({ code: 'internal', detail: 'the simulator failed' });
  };
}

/** Express's body parsers say which status their errors have. */
function clientErrorStatus(error: unknown): number | null {
  const status = error instanceof Error && 'status' in error ? error.status : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}
