/** How orders are answered, the same way on every route. */
import type { Request, Response } from 'express';
import { type Order, orderId } from '../domain/order.js';
import type { ApiDependencies } from './dependencies.js';
import { callerOf } from './middleware/access.js';
import { presentOrder } from './order-presenter.js';
import { createVerifyTokens } from './verify-token.js';

/** Presents orders to whoever asks: only an API key that may have orders paid sees verify tokens. */
export function orderShower({ config }: Pick<ApiDependencies, 'config'>) {
  const tokens = createVerifyTokens(config.verifyTokenSecret);
  return (request: Request, order: Order) => {
    const caller = callerOf(request);
    const isPaying = caller.kind === 'merchant' && caller.scopes.includes('write');
    const id = orderId(order.merchantNo, order.merchantOrderNo);
    return presentOrder(order, isPaying ? tokens.issue(id) : null);
  };
}

/** Answers about money are never kept by anything in between. */
export function answer(response: Response, status: number, body: object | null): void {
  // Express answers `If-None-Match: *` with 304 and no content, even where nothing can be kept.
  delete response.req.headers['if-none-match'];
  response.status(status).setHeader('Cache-Control', 'no-store').json(body);
}
