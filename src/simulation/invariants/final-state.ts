/** Checked at the end, when everything had time to heal: drivers, agreement, and the money. */
import { isFinal, isPaid } from '../../domain/order-state.js';
import { orderWorkflowId } from '../../workflows/order-messages.js';
import { heldPayments } from '../gateway/payment-truth.js';
import { type OrderDocument, orderDocuments, type Watched } from './watched.js';

/** A sent revoke may stand on an answer of 5 s, wait 5 s for a worker and 10 s for its effect, and a clock may be wrong. */
const REVOKE_AFTER_OPEN_MS = 40_000;

export function checkFinalState(watched: Watched): void {
  const orders = orderDocuments(watched.database);
  for (const order of orders) {
    openOrdersHaveADriver(order, watched);
    ordersSettle(order, watched);
    moneyIsAccountedFor(order, watched);
    secondPaymentsAreTold(order, watched);
    refundsStayWithinPayments(order, watched);
  }
  revokedOnlyAfterOpen(watched);
  refundIsToldOnce(watched);
  acceptedOrdersExist(orders, watched);
}

/** Nothing more is to be done, or a person has it. */
export function isSettled(order: OrderDocument): boolean {
  if (order.status === 'review') return order.refunds.every(({ settledAt }) => settledAt !== null);
  return isFinal(order.status) && order.nextActionAt === null;
}

function runOf(order: OrderDocument, { temporal }: Watched) {
  return temporal.latest(orderWorkflowId(order.merchantNo, order.merchantOrderNo));
}

function openOrdersHaveADriver(order: OrderDocument, watched: Watched): void {
  if (order.nextActionAt === null) return;
  const { findings, nowMs, sweepIntervalMs } = watched;
  const overdueMs = nowMs() - Date.parse(order.nextActionAt);
  // The run's own timer, or the sweep that starts it again.
  if (overdueMs < 4 * sweepIntervalMs) return;
  const isDriven = runOf(order, watched)?.isDriven === true;
  findings.violated(
    'open_orders_have_a_driver',
    `${order._id} (${order.status}) is ${overdueMs} ms overdue, ${isDriven ? 'its run waits' : 'and has no run'}`,
  );
}

function ordersSettle(order: OrderDocument, { findings }: Watched): void {
  const isStuckButTold = order.refunds.some(({ rounds, settledAt }) => rounds >= 8 && !settledAt);
  if (isSettled(order) || isStuckButTold) return;
  findings.violated('orders_settle', `${order._id} is still ${order.status}`);
}

function moneyIsAccountedFor(order: OrderDocument, { world, findings, ledger }: Watched): void {
  const truth = world.truth(order.merchantOrderNo);
  if (truth === null || order.decidedBy?.source === 'operator') return;
  const { payments } = truth.now;
  const kept = world.keptAmount(order.merchantOrderNo);
  const about = `${order._id} is ${order.status}, ${payments.length} payments, the merchant has ${kept}`;
  const isLiedAbout = ledger.about(order.merchantOrderNo).some(({ isLie }) => isLie);
  // Told often enough, asked about often enough, and with a person since.
  const isStuckButTold = order.refunds.some(
    ({ settledAt, submissions }) => !settledAt && submissions >= 3,
  );
  if (order.status === 'canceled' && payments.length > 0 && !isStuckButTold) {
    findings.violated('money_is_accounted_for', about);
  }
  const own = payments.find(({ transNo }) => transNo === order.gatewayTransNo);
  const isGone = heldPayments(truth.now).length === 0 || (own?.givenBackAtMs ?? null) !== null;
  if (isPaid(order.status) && isGone && !isLiedAbout) {
    findings.violated('money_is_accounted_for', `${about}, its own payment is gone`);
  }
  const isSecond = payments.length > 1;
  if (order.status === 'refunded' && kept > 0 && !isSecond && !isLiedAbout) {
    findings.violated('money_is_accounted_for', about);
  }
}

function secondPaymentsAreTold(
  order: OrderDocument,
  { ledger, database, findings, world }: Watched,
): void {
  const truth = world.truth(order.merchantOrderNo);
  if (truth === null || order.gatewayTransNo === null || order.paidAmount === 0) return;
  const others = heldPayments(truth.now).filter(({ transNo }) => transNo !== order.gatewayTransNo);
  const operatorAt = order.decidedBy?.source === 'operator' ? order.decidedBy.at : null;
  const acknowledged = database
    .collection('callbacks')
    .select({ merchantOrderNo: order.merchantOrderNo, outcome: 'recorded' })
    // What a person has decided about, the person has seen.
    .filter(({ processedAt }) => operatorAt === null || String(processedAt) > operatorAt)
    .map(
      ({ facts }) => facts as { readonly gatewayTransNo?: string; readonly state?: string } | null,
    );
  const isSeen = others.some(({ transNo }) =>
    acknowledged.some((facts) => facts?.gatewayTransNo === transNo && facts.state === 'paid'),
  );
  if (!isSeen || ledger.about(order.merchantOrderNo).some(({ isLie }) => isLie)) return;
  if (database.collection('anomalies').byId(`duplicate_payment:${order._id}`) === undefined) {
    findings.violated('second_payments_are_told', `${order._id} has ${others.length} more`);
  }
}

function refundsStayWithinPayments(order: OrderDocument, { world, findings }: Watched): void {
  const { merchantOrderNo } = order;
  const paid = (world.truth(merchantOrderNo)?.now.payments ?? [])
    .filter(({ transNo }) => transNo === order.gatewayTransNo || order.gatewayTransNo === null)
    .reduce((sum, { amount }) => sum + amount, 0);
  const refunded = [...world.refunds.values()]
    .filter((refund) => refund.merchantOrderNo === merchantOrderNo && refund.state !== 'failed')
    .reduce((sum, { amount }) => sum + amount, 0);
  if (refunded > Math.max(paid, order.paidAmount)) {
    findings.violated('refunds_stay_within_payments', `${order._id}: ${refunded} of ${paid}`);
  }
}

function revokedOnlyAfterOpen({ world, ledger, findings }: Watched): void {
  for (const { merchantOrderNo, gaveBack, sentAtMs } of world.revokes) {
    if (!gaveBack) continue;
    const isAllowed = ledger
      .about(merchantOrderNo)
      .some(
        ({ answer, madeAtMs }) =>
          answer === 'open' && madeAtMs <= sentAtMs && madeAtMs > sentAtMs - REVOKE_AFTER_OPEN_MS,
      );
    if (!isAllowed) {
      findings.violated('revoked_only_after_open', `${merchantOrderNo} at ${sentAtMs}`);
    }
  }
}

function refundIsToldOnce({ world, ledger, findings }: Watched): void {
  for (const { refundNo, merchantOrderNo, toldAtMs } of world.refunds.values()) {
    if (toldAtMs.length < 2) continue;
    const answer = `${refundNo}/not_found`;
    const about = [...ledger.about(merchantOrderNo), ...ledger.about('')];
    if (!about.some((said) => said.answer === answer)) {
      findings.violated('refund_is_told_once', `${refundNo} was told ${toldAtMs.length} times`);
    }
  }
}

function acceptedOrdersExist(
  orders: readonly OrderDocument[],
  { accepted, findings }: Watched,
): void {
  const present = new Map(orders.map((order) => [order.merchantOrderNo, order]));
  for (const merchantOrderNo of accepted.orders) {
    if (!present.has(merchantOrderNo)) {
      findings.violated('accepted_orders_exist', `${merchantOrderNo} was accepted and is gone`);
    }
  }
  for (const [refundNo, merchantOrderNo] of accepted.refunds) {
    const refunds = present.get(merchantOrderNo)?.refunds ?? [];
    if (!refunds.some((refund) => refund.refundNo === refundNo)) {
      findings.violated('accepted_orders_exist', `refund ${refundNo} was accepted and is gone`);
    }
  }
}
