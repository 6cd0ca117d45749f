/** The demo shop's back end: what a merchant's own server does around the payment service. Trial mode only. */
import { join } from 'node:path';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { DomainError } from '../domain/errors.js';
import { CURRENCY, GOODS, QUANTITY_MAX, TERMINALS } from './catalogue.js';
import { customerOf, sameOriginOnly, shopOriginOf, welcomeCustomer } from './customer.js';
import { OrderBook } from './order-book.js';
import { createPaymentService } from './payment-service.js';
import type {
  PayerBody,
  PlaceOrderBody,
  SaleBody,
  ShopAnswer,
  ShopOrder,
  ShopOrdersAnswer,
} from './shop-contract.js';
import { ShopOrders, type Visit } from './shop-orders.js';
import { createSimulatedTerminal, SCENARIOS } from './simulated-terminal.js';

export interface ShopOptions {
  /** Of the payment service; never leaves the back end. */
  readonly apiKey: string;
  /** Where the service sends its calls to the gateway. */
  readonly gatewayUrl: string;
  /** Folder in which the shop keeps its orders; `null` keeps them in memory. */
  readonly dataDirectory: string | null;
  /** @default the clock */
  readonly now?: () => Date;
}

const placeOrderSchema = z.strictObject({
  cartId: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
  lines: z
    .array(
      z.strictObject({ goodsId: z.string().max(40), quantity: z.int().min(1).max(QUANTITY_MAX) }),
    )
    .min(1)
    .max(GOODS.length),
  way: z.enum(['hosted', 'cloud', 'pos']),
  terminalSn: z.enum(TERMINALS).optional(),
  opensNewTab: z.boolean().optional(),
  scenario: z.enum(SCENARIOS.map(({ name }) => name)).optional(),
});

const payerSchema = z.enum(['pays', 'cancels', 'is_declined', 'nothing']);
const payerActSchema = z.strictObject({ payer: payerSchema });

const saleSchema = z.strictObject({
  payer: payerSchema,
  report: z.enum(['as_it_was', 'success', 'canceled', 'error', 'timeout', 'garbage', 'no_answer']),
});

/** Paths begin after `/demo`. Reading bodies and answering errors are left to the application that mounts it. */
export function createShop(options: ShopOptions): Router {
  const simulatorUrl = simulatorUrlOf(options.gatewayUrl);
  const terminal = simulatorUrl === null ? null : createSimulatedTerminal(simulatorUrl);
  const file =
    options.dataDirectory === null ? null : join(options.dataDirectory, 'shop/orders.jsonl');
  const orders = new ShopOrders({
    book: new OrderBook(file),
    terminal,
    now: options.now ?? (() => new Date()),
  });
  const visitOf = (request: Request, customerTag: string): Visit => ({
    customerTag,
    payments: createPaymentService(serviceUrlOf(request), options.apiKey),
    origin: shopOriginOf(request),
  });
  const router = Router();
  router.use('/api', noStore, sameOriginOnly);

  router.get('/api/shop', (request, response) => {
    welcomeCustomer(request, response);
    send<ShopAnswer>(response, {
      currency: CURRENCY,
      goods: GOODS,
      terminals: TERMINALS,
      simulator: terminal === null ? null : { scenarios: SCENARIOS },
    });
  });
  addOrderRoutes(router, orders, visitOf);
  router.use('/api', () => {
    throw new DomainError('not_found', 'There is nothing at this address.');
  });
  return router;
}

function addOrderRoutes(
  router: Router,
  orders: ShopOrders,
  visitOf: (request: Request, customerTag: string) => Visit,
): void {
  const known = (request: Request): Visit => visitOf(request, requireCustomer(request));
  router.get('/api/orders', async (request, response) => {
    const customerTag = customerOf(request);
    const data = customerTag === null ? [] : await orders.list(visitOf(request, customerTag));
    send<ShopOrdersAnswer>(response, { data });
  });
  router.post('/api/orders', async (request, response) => {
    const body: PlaceOrderBody = parseBody(placeOrderSchema, request);
    const visit = visitOf(request, welcomeCustomer(request, response));
    send<ShopOrder>(response, await orders.place(body, visit));
  });
  router.get('/api/orders/:merchantOrderNo', async (request, response) => {
    send<ShopOrder>(response, await orders.show(request.params.merchantOrderNo, known(request)));
  });
  router.post('/api/orders/:merchantOrderNo/place', async (request, response) => {
    const { merchantOrderNo } = request.params;
    send<ShopOrder>(response, await orders.placeAgain(merchantOrderNo, known(request)));
  });
  router.post('/api/orders/:merchantOrderNo/sale', async (request, response) => {
    const body: SaleBody = parseBody(saleSchema, request);
    send(response, await orders.sell(request.params.merchantOrderNo, body, known(request)));
  });
  router.post('/api/orders/:merchantOrderNo/payer', async (request, response) => {
    const { payer }: PayerBody = parseBody(payerActSchema, request);
    await orders.actAtTerminal(request.params.merchantOrderNo, payer, known(request));
    response.status(204).end();
  });
}

/** Answers are about one customer, and about money: nobody keeps them. */
function noStore(_request: Request, response: Response, next: () => void): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}

function send<T>(response: Response, answer: T): void {
  response.json(answer);
}

function requireCustomer(request: Request): string {
  const customerTag = customerOf(request);
  if (customerTag === null) throw new DomainError('order_not_found', 'You have no such order.');
  return customerTag;
}

function parseBody<S extends z.ZodType>(schema: S, request: Request): z.output<S> {
  const parsed = schema.safeParse(request.body);
  if (parsed.success) return parsed.data;
  throw new DomainError('validation_failed', 'The shop did not understand this order.', {
    fieldErrors: parsed.error.issues.map((issue) => ({
      pointer: issue.path.map((part) => `/${String(part)}`).join(''),
      code: 'invalid_value',
      detail: issue.message,
    })),
  });
}

/** The service is reached where this very request came in: it is the same process, whatever its public address. */
function serviceUrlOf({ socket }: Request): string {
  const { localAddress = '127.0.0.1', localPort } = socket;
  const host = localAddress.includes(':') ? `[${localAddress}]` : localAddress;
  return `http://${host}:${localPort}`;
}

/**
 * Where the simulator's control API is, or `null` when the gateway is none: a real gateway is never spoken to without
 * TLS, and must never be sent such calls.
 */
export function simulatorUrlOf(gatewayUrl: string): string | null {
  const url = new URL(gatewayUrl);
  return url.protocol === 'http:' && url.pathname === '/api/entry' ? url.origin : null;
}
