/** The pages' addresses: what a person sees, and what the buttons do. */
import { randomInt } from 'node:crypto';
import { type Request, type Response, Router, urlencoded } from 'express';
import { z } from 'zod';
import { parseMajor } from '../../domain/money.js';
import { MERCHANT_ORDER_NO_PATTERN } from '../../domain/order.js';
import { SCRIPT, STYLE } from './simulator-assets.js';
import { checkoutPage, returnAddress } from './simulator-checkout.pages.js';
import type { SimulatorControl } from './simulator-control.js';
import { type Html, html } from './simulator-html.js';
import { page, sendPage } from './simulator-layout.js';
import { OrderRefusal } from './simulator-order.js';
import { ORDERS_SHOWN_MAX, orderPage, ordersPage } from './simulator-orders.pages.js';
import { terminalPage, terminalsPage } from './simulator-terminal.pages.js';

const FORM_BYTES_MAX = 8 * 1024;

export interface PageContext {
  readonly control: SimulatorControl;
  readonly publicUrl: string;
  readonly terminals: readonly string[];
}

const saleSchema = z.object({
  merchantOrderNo: z.string().regex(MERCHANT_ORDER_NO_PATTERN, 'The order number is not allowed.'),
  amount: z.string(),
  currency: z.string().regex(/^[A-Z]{3}$/, 'The currency must be three capital letters.'),
});

export function createPageRouter(context: PageContext): Router {
  const router = Router();
  const form = urlencoded({ extended: false, limit: FORM_BYTES_MAX });
  router.get('/assets/simulator.css', (_, response) => {
    response.type('css').send(STYLE);
  });
  router.get('/assets/simulator.js', (_, response) => {
    response.type('js').send(SCRIPT);
  });
  addOrderPages(router, context, form);
  addCheckoutPages(router, context, form);
  addTerminalPages(router, context, form);
  return router;
}

type FormParser = ReturnType<typeof urlencoded>;

function addOrderPages(
  router: Router,
  { control, publicUrl }: PageContext,
  form: FormParser,
): void {
  router.get('/', (_, response) => {
    sendPage(response, ordersPage(control.orders(ORDERS_SHOWN_MAX), `${publicUrl}/api/entry`));
  });
  router.get('/orders/:merchantOrderNo', (request, response) => {
    withOrder(response, () => {
      sendPage(response, orderPage(control.order(request.params.merchantOrderNo), null));
    });
  });
  router.post('/orders/:merchantOrderNo', form, (request, response) => {
    const { merchantOrderNo } = request.params;
    withOrder(response, () => {
      const refusal = tryAction(() => {
        const action = actionOf(request);
        if (action === 'pay') control.pay(merchantOrderNo);
        if (action === 'pay_late') control.pay(merchantOrderNo, { isLate: true });
        if (action === 'decline') control.decline(merchantOrderNo);
        if (action === 'expire') control.expire(merchantOrderNo);
        if (action === 'refund_succeeded') control.settleRefund(refundNoOf(request), 'succeeded');
        if (action === 'refund_failed') control.settleRefund(refundNoOf(request), 'failed');
      });
      if (refusal === null) response.redirect(303, request.originalUrl);
      else sendPage(response, orderPage(control.order(merchantOrderNo), refusal), { status: 409 });
    });
  });
}

function addCheckoutPages(router: Router, { control }: PageContext, form: FormParser): void {
  router.get('/pay/:token', (request, response) => {
    withOrder(response, () => {
      const order = control.orderByToken(request.params.token);
      sendPage(response, checkoutPage(order, null), { formTarget: returnAddress(order) });
    });
  });
  router.post('/pay/:token', form, (request, response) => {
    withOrder(response, () => {
      const order = control.orderByToken(request.params.token);
      const refusal = tryAction(() => {
        const action = actionOf(request);
        if (action === 'pay') control.pay(order.merchantOrderNo);
        if (action === 'decline') control.decline(order.merchantOrderNo);
      });
      const target = returnAddress(order);
      if (refusal === null) {
        response.redirect(303, target ?? request.originalUrl);
        return;
      }
      const now = control.order(order.merchantOrderNo);
      sendPage(response, checkoutPage(now, refusal), { status: 409, formTarget: target });
    });
  });
}

function addTerminalPages(router: Router, context: PageContext, form: FormParser): void {
  const { control } = context;
  const queueOf = (terminalSn: string) => ({
    terminalSn,
    orders: control.ordersOnTerminals().filter((order) => order.terminalSn === terminalSn),
  });
  const show = (response: Response, terminalSn: string, notice: string | null = null) => {
    const suggestedNo = `POS-${randomInt(36 ** 6)
      .toString(36)
      .toUpperCase()
      .padStart(6, '0')}`;
    const content = terminalPage(queueOf(terminalSn), suggestedNo, notice);
    sendPage(response, content, { status: notice === null ? 200 : 409 });
  };
  router.get('/terminal', (_, response) => {
    const used = control.ordersOnTerminals().flatMap(({ terminalSn }) => terminalSn ?? []);
    const all = [...new Set([...context.terminals, ...used])].sort();
    sendPage(response, terminalsPage(all.map(queueOf)));
  });
  router.get('/terminal/:terminalSn', (request, response) => {
    show(response, request.params.terminalSn);
  });
  router.post('/terminal/:terminalSn/sales', form, (request, response) => {
    const { terminalSn } = request.params;
    const refusal = startSale(control, terminalSn, request.body);
    if (refusal === null) response.redirect(303, terminalPath(terminalSn));
    else show(response, terminalSn, refusal);
  });
  router.post('/terminal/:terminalSn/orders/:merchantOrderNo', form, (request, response) => {
    const { terminalSn, merchantOrderNo } = request.params;
    const refusal = tryAction(() => {
      const action = actionOf(request);
      if (action === 'pay') control.pay(merchantOrderNo);
      if (action === 'decline') control.decline(merchantOrderNo, 'issuer');
      if (action === 'cancel') control.decline(merchantOrderNo, 'user');
    });
    if (refusal === null) response.redirect(303, terminalPath(terminalSn));
    else show(response, terminalSn, refusal);
  });
}

/** @returns why the sale was not started */
function startSale(control: SimulatorControl, terminalSn: string, body: unknown): string | null {
  const parsed = saleSchema.safeParse(body);
  if (!parsed.success) return parsed.error.issues.map((issue) => issue.message).join(' ');
  const { merchantOrderNo, currency } = parsed.data;
  const amountMinor = parseMajor(parsed.data.amount, currency) ?? 0;
  if (amountMinor <= 0) return 'The amount must be a decimal such as 10.50.';
  return tryAction(() => {
    control.startPosSale({ merchantOrderNo, amountMinor, currency, terminalSn });
  });
}

function terminalPath(terminalSn: string): string {
  return `/terminal/${encodeURIComponent(terminalSn)}`;
}

function actionOf(request: Request): string {
  const schema = z.object({ action: z.string() }).catch({ action: '' });
  return schema.parse(request.body).action;
}

function refundNoOf(request: Request): string {
  const schema = z.object({ refundNo: z.string() }).catch({ refundNo: '' });
  return schema.parse(request.body).refundNo;
}

/** @returns why it could not be done; an order that is not there is for `withOrder` */
function tryAction(act: () => void): string | null {
  try {
    act();
    return null;
  } catch (error) {
    if (!(error instanceof OrderRefusal)) throw error;
    return `That is not possible: ${error.message}.`;
  }
}

function withOrder(response: Response, show: () => void): void {
  try {
    show();
  } catch (error) {
    if (!(error instanceof OrderRefusal) || error.code !== 'ORDER_NOT_FOUND') throw error;
    sendPage(response, notFoundPage(), { status: 404 });
  }
}

function notFoundPage(): Html {
  return page(
    'Not found',
    html`<h1>Not found</h1><p>There is no such order. <a href="/">All orders</a></p>`,
    'operator',
  );
}
