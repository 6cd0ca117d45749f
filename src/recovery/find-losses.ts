/** Compares what is left after a restore: the record, what the runs know, the inbox, and what the gateway says. */
import type { Order, OrderStatus } from '../domain/order.js';
import { orderId } from '../domain/order.js';
import { isPaid } from '../domain/order-state.js';
import type { KnownOrder } from '../domain/restored-entry.js';
import type { PaymentGateway } from '../gateway/payment-gateway.js';
import type { CallbackStore } from '../store/callback-store.js';
import type { OrderStore } from '../store/order-store.js';
import type { RunKnowledge } from '../temporal/known-orders.js';
import type { OrderMessenger } from '../temporal/order-messenger.js';
import type { Loss, RecoveryReport } from './losses.js';

const MESSAGE_DEADLINE_MS = 5_000;
const OPEN: readonly OrderStatus[] = ['pending', 'canceling', 'review'];
const CLOSED: readonly OrderStatus[] = ['paid', 'partially_refunded', 'refunded', 'canceled'];
/** An order that was closed this long before the copy may have got its last message after it. */
const CLOSED_BEFORE_MS = 2 * 86_400_000;
/** The longest an order was alive before it was closed: the schedule of a week. */
const LIFE_MS = 7 * 86_400_000;

export interface RecoveryParts {
  readonly merchantNo: string;
  readonly orders: Pick<OrderStore, 'compare' | 'find' | 'list' | 'restore' | 'stream'>;
  readonly callbacks: Pick<CallbackStore, 'salesSince'>;
  readonly messenger: Pick<OrderMessenger, 'checkDue'>;
  readonly gateway: Pick<PaymentGateway, 'queryOrder'>;
  readonly runs: (since: string) => AsyncIterable<RunKnowledge>;
  /** Waits as long as the gateway's limit of calls asks for. */
  readonly pause: () => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface RecoveryOptions {
  /** When the copy was made that MongoDB was restored from, RFC 3339. */
  readonly since: string;
  /** Otherwise nothing is changed anywhere: only told. */
  readonly repairs: boolean;
}

/**
 * Records first, from what runs know; then the gateway is asked about every order that is open or was closed of late,
 * as the records are by then.
 * @throws when MongoDB or Temporal does not answer; nothing is lost by starting again
 */
export async function findLosses(
  parts: RecoveryParts,
  options: RecoveryOptions,
): Promise<RecoveryReport> {
  const [newest] = (await parts.orders.list(parts.merchantNo, {}, { limit: 1 })).data;
  const { losses, runsAsked } = await lossesOfRuns(parts, options);
  const callbacks = await callbacksWithoutOrder(parts, options);
  const asked = await lossesAtGateway(parts, options);
  return {
    newestOrderAt: newest?.createdAt ?? null,
    runsAsked,
    ordersAsked: asked.ordersAsked,
    losses: [...losses, ...callbacks, ...asked.losses],
  };
}

async function lossesOfRuns(
  parts: RecoveryParts,
  options: RecoveryOptions,
): Promise<{ readonly losses: readonly Loss[]; readonly runsAsked: number }> {
  const lost = new Map<string, KnownOrder>();
  const losses: Loss[] = [];
  let runsAsked = 0;
  for await (const { workflowId, known, failure } of parts.runs(options.since)) {
    runsAsked += 1;
    if (failure !== null) {
      losses.push(aLoss({ kind: 'run_unreadable', subject: workflowId, detail: failure }));
    }
    if (known === null) continue;
    const id = orderId(known.order.merchantNo, known.order.merchantOrderNo);
    const before = lost.get(id);
    // Several runs of one order have lost entries: the one that learnt last knows what the others knew.
    if (before !== undefined && before.order.updatedAt >= known.order.updatedAt) continue;
    const { standing } = await parts.orders.compare(id, known);
    if (standing !== 'contains') lost.set(id, known);
  }
  for (const [id, known] of lost) {
    const loss = await lossOfRecord(id, known, parts, options);
    if (loss !== null) losses.push(loss);
  }
  return { losses, runsAsked };
}

async function lossOfRecord(
  id: string,
  known: KnownOrder,
  { orders, now }: RecoveryParts,
  { repairs }: RecoveryOptions,
): Promise<Loss | null> {
  const { standing, record } = repairs
    ? await orders.restore(id, known, new Date(now()).toISOString())
    : await orders.compare(id, known);
  if (standing === 'contains' || standing === 'restored') return null;
  return aLoss({
    kind: `record_${standing}`,
    subject: id,
    recordStatus: record?.order.status ?? null,
    knownStatus: known.order.status,
    detail: `the run knew version ${known.version} of ${known.order.updatedAt}`,
    isRepaired: repairs && standing !== 'differs',
  });
}

/** They were verified before they were stored, so their payment is real; its order has to be sent again. */
async function callbacksWithoutOrder(
  { callbacks, orders }: RecoveryParts,
  { since }: RecoveryOptions,
): Promise<readonly Loss[]> {
  const losses: Loss[] = [];
  for await (const { merchantNo, merchantOrderNo, receivedAt, facts } of callbacks.salesSince(
    new Date(Date.parse(since) - CLOSED_BEFORE_MS).toISOString(),
  )) {
    if (merchantOrderNo === null || facts?.state !== 'paid') continue;
    const subject = orderId(merchantNo, merchantOrderNo);
    if ((await orders.find(subject)) !== null) continue;
    const detail = `received ${receivedAt}`;
    losses.push(aLoss({ kind: 'callback_without_order', subject, detail }));
  }
  return losses;
}

async function lossesAtGateway(
  parts: RecoveryParts,
  options: RecoveryOptions,
): Promise<Pick<RecoveryReport, 'losses' | 'ordersAsked'>> {
  const losses: Loss[] = [];
  let ordersAsked = 0;
  for await (const order of ordersToAsk(parts, options)) {
    ordersAsked += 1;
    const loss = await lossAtGateway(order, parts, options);
    if (loss !== null) losses.push(loss);
    await parts.pause();
  }
  return { ordersAsked, losses };
}

async function* ordersToAsk(
  { orders, merchantNo }: RecoveryParts,
  { since }: RecoveryOptions,
): AsyncIterable<Order> {
  for (const status of OPEN) yield* orders.stream(merchantNo, { status });
  const closedSinceMs = Date.parse(since) - CLOSED_BEFORE_MS;
  const createdFrom = new Date(closedSinceMs - LIFE_MS).toISOString();
  for (const status of CLOSED) {
    for await (const order of orders.stream(merchantNo, { status, createdFrom })) {
      if (Date.parse(order.updatedAt) >= closedSinceMs) yield order;
    }
  }
}

/** Only asked here. What follows from the answer is decided by the order's own run, which asks again. */
async function lossAtGateway(
  order: Order,
  { gateway, messenger }: RecoveryParts,
  { repairs }: RecoveryOptions,
): Promise<Loss | null> {
  const { answer } = await gateway.queryOrder(order);
  const wasPaid = order.paidAmount > 0 || order.status === 'refunded';
  const about = {
    subject: orderId(order.merchantNo, order.merchantOrderNo),
    recordStatus: order.status,
    answer,
  };
  if (answer === 'unknown') return aLoss({ ...about, kind: 'gateway_unknown' });
  const isContradicted = isPaid(order.status) && (answer === 'closed' || answer === 'not_found');
  if (!(answer === 'paid' && !wasPaid) && !isContradicted) return null;
  if (repairs) {
    await messenger.checkDue(
      order,
      { requestedBy: 'drift', actor: 'recover' },
      MESSAGE_DEADLINE_MS,
    );
  }
  return aLoss({
    ...about,
    kind: isContradicted ? 'gateway_contradicts' : 'paid_at_gateway',
    detail: repairs ? 'its run was told to ask' : '',
    isRepaired: repairs && !isContradicted,
  });
}

function aLoss(found: Pick<Loss, 'kind' | 'subject'> & Partial<Loss>): Loss {
  return {
    recordStatus: null,
    knownStatus: null,
    answer: null,
    detail: '',
    isRepaired: false,
    ...found,
  };
}
