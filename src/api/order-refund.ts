import { DomainError } from '../domain/errors.js';
import type { Order } from '../domain/order.js';
import type { Refund, RefundRequest } from '../domain/refund.js';
import { findRefund, type RefundRefusal, refundRefusal } from '../domain/refund-rules.js';
import type { RefundStore } from '../store/refund-store.js';
import { MessageTimeout, type OrderMessenger } from '../temporal/order-messenger.js';
import { DeadlineExceeded, withDeadline } from './deadline.js';
import { fromRecord, type OrderReader } from './order-reader.js';
import { unavailable } from './problem.js';

/** How long the call waits for the gateway to be told. */
const REFUND_DEADLINE_MS = 8_000;

export interface RefundPorts {
  readonly reader: OrderReader;
  readonly refunds: Pick<RefundStore, 'ownerOf'>;
  readonly messenger: Pick<OrderMessenger, 'refund'>;
}

export interface RefundAnswered {
  readonly order: Order;
  readonly refund: Refund;
  /** The refund was there already: the same answer again. */
  readonly isReplay: boolean;
}

/**
 * Asks the order's workflow for a refund, or finds the one with this number. When the workflow does not answer in time
 * the record tells whether the refund was accepted.
 * @throws {DomainError} `order_not_found`, `idempotency_conflict`, `order_not_refundable`, `refund_exceeds_paid`;
 * `unavailable`, after which the same call with the same number may be repeated
 */
export async function refundOrder(
  merchantOrderNo: string,
  request: RefundRequest,
  ports: RefundPorts,
): Promise<RefundAnswered> {
  const before = await ports.reader.get(merchantOrderNo);
  const refusal = refundRefusal(before, request);
  if (refusal !== null) throw refused(refusal);
  const present = findRefund(before, request.refundNo);
  if (present !== null) return { order: before, refund: present, isReplay: true };
  await assertNumberIsFree(before, request.refundNo, ports);
  const answer = await ask(before, request, ports);
  if (answer.outcome === 'refused') throw refused(answer.refusal);
  const order = await ports.reader.get(merchantOrderNo);
  const refund = findRefund(order, request.refundNo);
  if (refund === null) {
    throw unavailable(
      'It is not known yet whether the refund was accepted. Repeat the call with the same number.',
      'cause' in answer ? answer.cause : undefined,
    );
  }
  if (refund.contentHash !== request.contentHash) throw refused('conflict');
  return { order, refund, isReplay: answer.outcome === 'existing' };
}

type RefundAnswer =
  | { readonly outcome: 'accepted' | 'existing' }
  | { readonly outcome: 'refused'; readonly refusal: RefundRefusal }
  | { readonly outcome: 'timeout'; readonly cause: unknown };

async function ask(
  order: Order,
  request: RefundRequest,
  { messenger }: RefundPorts,
): Promise<RefundAnswer> {
  const { merchantNo, merchantOrderNo } = order;
  try {
    const answer = messenger.refund({ merchantNo, merchantOrderNo }, request, REFUND_DEADLINE_MS);
    const { outcome } = await withDeadline(answer, REFUND_DEADLINE_MS, 'the order');
    return outcome === 'accepted' || outcome === 'existing'
      ? { outcome }
      : { outcome: 'refused', refusal: outcome };
  } catch (error) {
    if (!(error instanceof MessageTimeout || error instanceof DeadlineExceeded)) throw error;
    return { outcome: 'timeout', cause: error };
  }
}

/** A void is made on the terminal of the payment and takes it back whole. Source: CodePay Open API, trans_type 2. */
/** Early and plain; the workflow's reservation of the number is what holds under a race. */
async function assertNumberIsFree(
  order: Order,
  refundNo: string,
  { reader, refunds }: RefundPorts,
): Promise<void> {
  const { merchantNo, merchantOrderNo } = order;
  if ((await reader.find(refundNo)) !== null) throw refused('conflict');
  const owner = await fromRecord(refunds.ownerOf(merchantNo, refundNo));
  if (owner !== null && owner.merchantOrderNo !== merchantOrderNo) throw refused('conflict');
}

const REFUSALS = {
  conflict: [
    'idempotency_conflict',
    'This number or key belongs to an order, or to a refund that was asked for with other content.',
  ],
  not_refundable: ['order_not_refundable', 'Only a paid order can be refunded.'],
  nothing_left: [
    'order_not_refundable',
    'Nothing is left to refund: refunds that are pending or unknown reserve their amount.',
  ],
  too_many: ['order_not_refundable', 'The order has as many refunds as the gateway allows.'],
  not_voidable: [
    'order_not_refundable',
    'Only a whole payment on a known terminal, of which nothing was refunded, can be voided; refund it instead.',
  ],
  exceeds_paid: [
    'refund_exceeds_paid',
    'The amount is more than what is left to refund of this order.',
  ],
} as const satisfies Record<RefundRefusal, readonly [DomainError['code'], string]>;

function refused(refusal: RefundRefusal): DomainError {
  const [code, safeMessage] = REFUSALS[refusal];
  return new DomainError(code, safeMessage);
}
