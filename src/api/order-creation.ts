import { DomainError } from '../domain/errors.js';
import type { NewOrder } from '../domain/new-order.js';
import type { Order } from '../domain/order.js';
import type { RefundStore } from '../store/refund-store.js';
import { MessageTimeout, type OrderMessenger } from '../temporal/order-messenger.js';
import { DeadlineExceeded, withDeadline } from './deadline.js';
import { fromRecord, type OrderReader } from './order-reader.js';
import { unavailable } from './problem.js';

/** How long a create call waits for the gateway's answer. */
const CREATE_DEADLINE_MS = 8_000;

export interface CreationPorts {
  readonly reader: OrderReader;
  readonly refunds: Pick<RefundStore, 'ownerOf'>;
  readonly messenger: Pick<OrderMessenger, 'createOrder'>;
}

export interface Creation {
  readonly order: Order;
  /** The order was there already: the same answer again. */
  readonly isReplay: boolean;
}

/**
 * Makes an order, or finds it. Looks into the record first, so that a repeated call costs no workflow. When the
 * workflow does not answer in time, the record decides what is told.
 * @throws {DomainError} `idempotency_conflict`; `unavailable`, after which the same call may be repeated
 */
export async function createOrder(request: NewOrder, ports: CreationPorts): Promise<Creation> {
  const { reader } = ports;
  const before = await reader.find(request.merchantOrderNo);
  if (before !== null) {
    assertSameContent(before, request);
    if (!isCreationOpen(before)) return { order: before, isReplay: true };
  } else {
    await assertNoRefundHas(request, ports);
  }
  const answer = await ask(request, ports);
  if (answer.outcome === 'conflict') throw conflict();
  const order = await reader.find(request.merchantOrderNo);
  if (order === null) {
    throw unavailable(
      'It is not known yet whether the order was accepted. Repeat the call with the same number.',
      'cause' in answer ? answer.cause : undefined,
    );
  }
  assertSameContent(order, request);
  return { order, isReplay: before !== null || answer.outcome === 'existing' };
}

/** Orders and refunds share their numbers: what the gateway says about a number must mean one thing. */
async function assertNoRefundHas(
  { merchantNo, merchantOrderNo }: NewOrder,
  { refunds }: CreationPorts,
): Promise<void> {
  if ((await fromRecord(refunds.ownerOf(merchantNo, merchantOrderNo))) !== null) throw conflict();
}

type CreationAnswer =
  | { readonly outcome: 'created' | 'existing' | 'conflict' }
  | { readonly outcome: 'timeout'; readonly cause: unknown };

async function ask(request: NewOrder, { messenger }: CreationPorts): Promise<CreationAnswer> {
  try {
    const answer = messenger.createOrder(request, CREATE_DEADLINE_MS);
    return await withDeadline(answer, CREATE_DEADLINE_MS, 'the order');
  } catch (error) {
    if (!(error instanceof MessageTimeout || error instanceof DeadlineExceeded)) throw error;
    return { outcome: 'timeout', cause: error };
  }
}

/** The gateway may still have to be told, or has not yet given what the merchant needs. */
function isCreationOpen(order: Order): boolean {
  if (order.status !== 'pending' || order.gatewayCreation === 'not_needed') return false;
  return (
    order.gatewayCreation !== 'created' || (order.channel === 'hosted' && order.paymentUrl === null)
  );
}

function assertSameContent(order: Order, request: NewOrder): void {
  if (order.contentHash !== request.contentHash) throw conflict();
}

function conflict(): DomainError {
  return new DomainError(
    'idempotency_conflict',
    'An order or a refund with this number or key exists and was asked for with other content.',
  );
}
