/** The calls to the shop's own back end. */
import type {
  PayerAct,
  PlaceOrderBody,
  SaleAnswer,
  SaleBody,
  ShopAnswer,
  ShopOrder,
  ShopOrdersAnswer,
} from '../../shop/shop-contract.js';

/** Longer than the shop waits for the payment service. */
const REQUEST_TIMEOUT_MS = 15_000;

/** The shop did not do it, or nobody knows whether it did. The message may be shown. */
export class ShopRequestError extends Error {
  /** HTTP status; `null` when there was no answer. */
  readonly status: number | null;

  constructor(message: string, status: number | null) {
    super(message);
    this.name = 'ShopRequestError';
    this.status = status;
  }
}

export async function loadShop(): Promise<ShopAnswer> {
  return (await call('GET', '/shop')) as ShopAnswer;
}

export async function loadOrders(): Promise<readonly ShopOrder[]> {
  return ((await call('GET', '/orders')) as ShopOrdersAnswer).data;
}

export async function loadOrder(merchantOrderNo: string): Promise<ShopOrder> {
  return (await call('GET', orderPath(merchantOrderNo))) as ShopOrder;
}

export async function placeOrder(body: PlaceOrderBody): Promise<ShopOrder> {
  return (await call('POST', '/orders', body)) as ShopOrder;
}

export async function placeOrderAgain(merchantOrderNo: string): Promise<ShopOrder> {
  return (await call('POST', `${orderPath(merchantOrderNo)}/place`)) as ShopOrder;
}

export async function startSale(merchantOrderNo: string, body: SaleBody): Promise<SaleAnswer> {
  return (await call('POST', `${orderPath(merchantOrderNo)}/sale`, body)) as SaleAnswer;
}

export async function actAtTerminal(merchantOrderNo: string, payer: PayerAct): Promise<void> {
  await call('POST', `${orderPath(merchantOrderNo)}/payer`, { payer });
}

/** The sentence for an error, whatever it is. */
export function messageOf(error: unknown): string {
  return error instanceof ShopRequestError
    ? error.message
    : 'Something went wrong. Please do not order again; look at your orders.';
}

function orderPath(merchantOrderNo: string): string {
  return `/orders/${encodeURIComponent(merchantOrderNo)}`;
}

/** @throws {ShopRequestError} */
async function call(method: 'GET' | 'POST', path: string, body: object = {}): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`/demo/api${path}`, {
      method,
      cache: 'no-store',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(method === 'GET'
        ? {}
        : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch {
    throw new ShopRequestError(
      'The shop cannot be reached. Nothing is lost: trying again means the same order.',
      null,
    );
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  throw new ShopRequestError(detailOf(answer), response.status);
}

function detailOf(answer: unknown): string {
  const isProblem = typeof answer === 'object' && answer !== null && 'detail' in answer;
  return isProblem && typeof answer.detail === 'string'
    ? answer.detail
    : 'The shop could not do this. Please look at your orders.';
}
