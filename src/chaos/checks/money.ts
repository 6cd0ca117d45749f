/** The service and the gateway agree about money. */
import { isPaid } from '../../domain/order-state.js';
import { refundWord } from '../../gateway/simulator/simulator-refund.js';
import type { OrderDocument } from '../../store/order.model.js';
import type { GatewayOrder } from '../gateway-history.js';
import { type Evidence, toldOf } from './evidence.js';

export function checkMoney(evidence: Evidence): void {
  for (const order of evidence.orders.values()) {
    const atGateway = evidence.gateway.orders.get(order.merchantOrderNo) ?? null;
    checkPayment(order, atGateway, evidence);
    checkRefunds(order, evidence);
  }
  checkRefundNumbers(evidence);
}

function checkPayment(
  { merchantOrderNo: number, status, reviewReason }: OrderDocument,
  atGateway: GatewayOrder | null,
  { findings }: Evidence,
): void {
  const paidAtMs = atGateway?.paidAtMs ?? null;
  const isTaken = isPaid(status) || status === 'refunded' || status === 'review';
  if (paidAtMs !== null && !isTaken) {
    const at = new Date(paidAtMs).toISOString();
    findings.add('paid_is_known', number, `it is ${status}, and was paid at ${at}`);
  }
  if (paidAtMs === null && (isPaid(status) || status === 'refunded')) {
    findings.add('paid_is_never_invented', number, `it is ${status}, and was never paid`);
  }
  if (atGateway?.order.isRefunded === true && status !== 'review') {
    const detail = `it is ${status} (${reviewReason}), and a revoke gave its money back`;
    findings.add('revoked_money_is_seen', number, detail);
  }
}

/** Only of orders whose refunds are over: the others are driven on, which is checked elsewhere. */
function checkRefunds(order: OrderDocument, { gateway, findings }: Evidence): void {
  const number = order.merchantOrderNo;
  if (order.refunds.some(({ settledAt }) => settledAt === null)) return;
  const given = [...gateway.refunds.values()]
    .filter(({ refund }) => refund.merchantOrderNo === number && refundWord(refund) === 'succeeded')
    .reduce((sum, { refund }) => sum + refund.amountMinor, 0);
  const paid = gateway.orders.get(number)?.order.payment?.paidAmountMinor ?? 0;
  if (given !== order.refundedAmount || given > Math.max(paid, order.paidAmount)) {
    const detail = `the gateway gave back ${given} of ${paid}, the order says ${order.refundedAmount}`;
    findings.add('refunds_agree', number, detail);
  }
}

function checkRefundNumbers({ gateway, journal, orders, findings }: Evidence): void {
  const ours = new Set(
    [...orders.values()].flatMap(({ refunds }) => refunds.map((one) => one.refundNo)),
  );
  const told = new Set(toldOf(journal, 'refund_accepted').map(({ refundNo }) => refundNo));
  for (const [refundNo, { transNos }] of gateway.refunds) {
    if (transNos.size > 1) {
      findings.add('one_refund_per_number', refundNo, `${transNos.size} refunds at the gateway`);
    }
    if (!ours.has(refundNo)) {
      const known = told.has(refundNo) ? 'accepted, and gone' : 'never accepted';
      findings.add('one_refund_per_number', refundNo, `at the gateway, ${known}`);
    }
  }
}
