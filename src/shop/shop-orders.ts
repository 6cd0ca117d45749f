/** The shop's dealings with an order: it is booked, sent to the payment service, shown, and sold at the till. */
import { DomainError } from '../domain/errors.js';
import { CURRENCY, priceLines, TERMINALS, totalOf } from './catalogue.js';
import type { BookedOrder, OrderBook } from './order-book.js';
import { orderNumber } from './order-number.js';
import type { NewPaymentOrder, PaymentOrder, PaymentService } from './payment-service.js';
import type { PayerAct, PlaceOrderBody, SaleAnswer, SaleBody, ShopOrder } from './shop-contract.js';
import type { SimulatedTerminal } from './simulated-terminal.js';

/** As many as the list shows; older ones are found under their address. */
const LISTED_MAX = 25;

export interface ShopOrdersOptions {
  readonly book: OrderBook;
  /** `null` where the gateway is no simulator. */
  readonly terminal: SimulatedTerminal | null;
  readonly now: () => Date;
}

/** Who asks, and how the service is reached from here. */
export interface Visit {
  /** Hash of the customer's cookie. */
  readonly customerTag: string;
  readonly payments: PaymentService;
  /** Where the customer sees the shop, such as `http://localhost:3000`. */
  readonly origin: string;
}

export class ShopOrders {
  readonly #options: ShopOrdersOptions;
  /** Numbers that a till is selling right now. */
  readonly #sales = new Set<string>();

  constructor(options: ShopOrdersOptions) {
    this.#options = options;
  }

  /**
   * Places the order of a cart, once: whoever sends the cart again gets the order with its first content.
   * @throws {DomainError} `validation_failed` for goods that are not sold, `unavailable`
   */
  async place(body: PlaceOrderBody, visit: Visit): Promise<ShopOrder> {
    const { order, isNew } = await this.#options.book.book(this.#newOrder(body, visit));
    if (isNew && body.scenario !== undefined) {
      await this.#options.terminal?.stage(order.merchantOrderNo, body.scenario);
    }
    return await this.#send(order, visit);
  }

  /** Sends an order again of which the service knows nothing, or has given no address. As {@link place}. */
  async placeAgain(merchantOrderNo: string, visit: Visit): Promise<ShopOrder> {
    return await this.#send(await this.#own(merchantOrderNo, visit), visit);
  }

  /** @throws {DomainError} `order_not_found`, also for orders of other customers */
  async show(merchantOrderNo: string, visit: Visit): Promise<ShopOrder> {
    return await this.#read(await this.#own(merchantOrderNo, visit), visit);
  }

  /** Newest first. */
  async list(visit: Visit): Promise<readonly ShopOrder[]> {
    const orders = await this.#options.book.listOf(visit.customerTag, LISTED_MAX);
    return await Promise.all(orders.map(async (order) => await this.#read(order, visit)));
  }

  /**
   * The till sells the order on its terminal; a first sale only while the service takes payments for the order. A second
   * one only when the service says that the first is over and unpaid: a till that has lost a result must not start over
   * by itself.
   * @throws {DomainError} `order_not_found`, `order_not_payable`, `unavailable`
   */
  async sell(merchantOrderNo: string, body: SaleBody, visit: Visit): Promise<SaleAnswer> {
    const { book, terminal, now } = this.#options;
    const order = await this.#own(merchantOrderNo, visit);
    if (terminal === null || order.way !== 'pos') throw notSellable();
    if (this.#sales.has(merchantOrderNo)) throw notSellable();
    this.#sales.add(merchantOrderNo);
    try {
      if (!(await mayBeSold(order, visit.payments))) throw notSellable();
      await book.markSaleStarted(order, now().toISOString());
      const sale = { ...order, terminalSn: order.terminalSn ?? TERMINALS[0] };
      const { amountMinor, currency, terminalSn } = sale;
      return await terminal.sell(
        { merchantOrderNo, amountMinor, currency, terminalSn },
        body.payer,
        body.report,
      );
    } finally {
      this.#sales.delete(merchantOrderNo);
    }
  }

  /**
   * The payer acts at the terminal that the shop drives; a stand-in for hardware.
   * @throws {DomainError} `order_not_found`, `order_not_payable`, `unavailable`
   */
  async actAtTerminal(merchantOrderNo: string, payer: PayerAct, visit: Visit): Promise<void> {
    const order = await this.#own(merchantOrderNo, visit);
    const { terminal } = this.#options;
    if (terminal === null || order.way !== 'cloud') throw notSellable();
    await terminal.act(merchantOrderNo, payer);
  }

  #newOrder(body: PlaceOrderBody, { customerTag, origin }: Visit): BookedOrder {
    const lines = priceLines(body.lines);
    if (lines === null) throw new DomainError('validation_failed', 'That is not sold here.');
    const merchantOrderNo = orderNumber(customerTag, body.cartId);
    const opensNewTab = body.way === 'hosted' && body.opensNewTab === true;
    const returns = body.way === 'hosted' && !opensNewTab;
    return {
      merchantOrderNo,
      customerTag,
      way: body.way,
      lines,
      amountMinor: totalOf(lines),
      currency: CURRENCY,
      terminalSn: body.way === 'hosted' ? null : (body.terminalSn ?? TERMINALS[0]),
      redirectUrl: returns ? `${origin}/demo/orders/${merchantOrderNo}/return` : null,
      opensNewTab,
      createdAt: this.#options.now().toISOString(),
      saleStartedAt: null,
    };
  }

  async #own(merchantOrderNo: string, { customerTag }: Visit): Promise<BookedOrder> {
    const order = await this.#options.book.find(merchantOrderNo);
    if (order === null || order.customerTag !== customerTag) {
      throw new DomainError('order_not_found', 'You have no such order.');
    }
    return order;
  }

  async #send(order: BookedOrder, { payments }: Visit): Promise<ShopOrder> {
    return present(order, await payments.create(paymentRequest(order)));
  }

  async #read(order: BookedOrder, { payments }: Visit): Promise<ShopOrder> {
    try {
      return present(order, (await payments.find(order.merchantOrderNo)) ?? 'not_placed');
    } catch (error) {
      if (error instanceof DomainError && error.code === 'unavailable') {
        return present(order, 'unknown');
      }
      throw error;
    }
  }
}

/** Money that comes after an order was closed belongs to nothing. */
async function mayBeSold(
  { merchantOrderNo, saleStartedAt }: BookedOrder,
  payments: PaymentService,
): Promise<boolean> {
  if (saleStartedAt !== null) return await payments.isPayableAgain(merchantOrderNo);
  return (await payments.find(merchantOrderNo))?.status === 'pending';
}

function notSellable(): DomainError {
  return new DomainError(
    'order_not_payable',
    'This order cannot be sold now: it was sold already or is closed. Please do not pay again; check it in your orders.',
  );
}

/** Made of what is booked alone, so that it is the same each time it is sent. */
function paymentRequest(order: BookedOrder): NewPaymentOrder {
  const count = order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    merchantOrderNo: order.merchantOrderNo,
    channel: order.way,
    amount: order.amountMinor,
    currency: order.currency,
    description: `Coffee bar, ${count} ${count === 1 ? 'item' : 'items'}`,
    ...(order.redirectUrl === null ? {} : { redirectUrl: order.redirectUrl }),
    ...(order.terminalSn === null ? {} : { terminalSn: order.terminalSn }),
    metadata: { shopCustomer: order.customerTag },
  };
}

function present(order: BookedOrder, payment: PaymentOrder | 'unknown' | 'not_placed'): ShopOrder {
  const { merchantOrderNo, way, lines, amountMinor, currency, terminalSn, opensNewTab } = order;
  const isKnown = typeof payment === 'object';
  return {
    merchantOrderNo,
    way,
    lines,
    amountMinor,
    currency,
    terminalSn,
    opensNewTab,
    hasStartedSale: order.saleStartedAt !== null,
    createdAt: order.createdAt,
    status: isKnown ? payment.status : payment,
    paymentUrl: isKnown ? payment.paymentUrl : null,
    verifyToken: isKnown ? payment.verifyToken : null,
    paidAt: isKnown ? payment.paidAt : null,
    paidAmountMinor: isKnown ? payment.paidAmount : 0,
    refundedAmountMinor: isKnown ? payment.refundedAmount : 0,
    gatewayTransNo: isKnown ? payment.gatewayTransNo : null,
  };
}
