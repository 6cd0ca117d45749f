/** What the demo shop's page and its back end say to each other. Types only: the page takes nothing else from there. */
import type { OrderStatus } from '../domain/order.js';

/** The three ways to pay: the gateway's page, a terminal that the shop drives, a till with its own terminal. */
export type PaymentWay = 'hosted' | 'cloud' | 'pos';

export interface Goods {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Minor units of the shop's currency. */
  readonly priceMinor: number;
}

/** Something the simulated gateway can be told to do with an order. */
export interface ShopScenario {
  readonly name: string;
  readonly label: string;
}

/** `GET /demo/api/shop` */
export interface ShopAnswer {
  readonly currency: string;
  readonly goods: readonly Goods[];
  readonly terminals: readonly string[];
  /** `null` where the gateway is no simulator: then nothing can be staged, and there is no till. */
  readonly simulator: ShopSimulator | null;
}

export interface ShopSimulator {
  readonly scenarios: readonly ShopScenario[];
}

export interface CartLine {
  readonly goodsId: string;
  readonly quantity: number;
}

/** `POST /demo/api/orders`: the same cart is always the same order, with the content it was first sent with. */
export interface PlaceOrderBody {
  /** Made once per cart; the order's number comes from it and from the customer. */
  readonly cartId: string;
  readonly lines: readonly CartLine[];
  readonly way: PaymentWay;
  readonly terminalSn?: string | undefined;
  /** The payment page opens in a tab of its own and has no address to return to. */
  readonly opensNewTab?: boolean | undefined;
  readonly scenario?: string | undefined;
}

export interface OrderLine {
  readonly goodsId: string;
  readonly name: string;
  readonly quantity: number;
  readonly amountMinor: number;
}

/** An order as its customer may see it. */
export interface ShopOrder {
  readonly merchantOrderNo: string;
  readonly way: PaymentWay;
  readonly lines: readonly OrderLine[];
  readonly amountMinor: number;
  readonly currency: string;
  readonly terminalSn: string | null;
  readonly opensNewTab: boolean;
  /** Whether the till has started a sale for it: from then on only the service says whether another may be. */
  readonly hasStartedSale: boolean;
  readonly createdAt: string;
  /** `unknown`: the payment service did not answer. `not_placed`: it has never heard of the order. */
  readonly status: OrderStatus | 'unknown' | 'not_placed';
  readonly paymentUrl: string | null;
  /** The payer's credential for this one order. `null` while the service has not given it. */
  readonly verifyToken: string | null;
  readonly paidAt: string | null;
  readonly paidAmountMinor: number;
  readonly refundedAmountMinor: number;
  readonly gatewayTransNo: string | null;
}

/** `GET /demo/api/orders`, newest first */
export interface ShopOrdersAnswer {
  readonly data: readonly ShopOrder[];
}

/** What the person at the terminal really does. */
export type PayerAct = 'pays' | 'cancels' | 'is_declined' | 'nothing';

/** What the terminal tells the till, true or not. `as_it_was` is the truth. */
export type TerminalReport =
  | 'as_it_was'
  | 'success'
  | 'canceled'
  | 'error'
  | 'timeout'
  | 'garbage'
  | 'no_answer';

/** `POST /demo/api/orders/:merchantOrderNo/payer`: somebody acts at the terminal that the shop drives. */
export interface PayerBody {
  readonly payer: PayerAct;
}

/** `POST /demo/api/orders/:merchantOrderNo/sale`: the till starts a sale on its terminal. */
export interface SaleBody {
  readonly payer: PayerAct;
  readonly report: TerminalReport;
}

export interface TerminalResult {
  readonly responseCode: string;
  readonly responseMsg?: string;
  readonly bizData?: unknown;
}

export interface SaleAnswer {
  /** As the till got it; `null` when the terminal gave no answer. */
  readonly result: TerminalResult | null;
}
