/** Nothing that was accepted is lost. */
import { type Evidence, toldOf } from './evidence.js';

export function checkAccepted({ journal, orders, findings }: Evidence): void {
  for (const { number, amount, channel } of toldOf(journal, 'order_accepted')) {
    const order = orders.get(number);
    if (order === undefined) findings.add('accepted_orders_exist', number, 'it is gone');
    else if (order.amount !== amount || order.channel !== channel) {
      findings.add('accepted_orders_exist', number, `${order.amount} ${order.channel}`);
    }
  }
  for (const { number, refundNo, amount } of toldOf(journal, 'refund_accepted')) {
    const refund = orders.get(number)?.refunds.find((one) => one.refundNo === refundNo);
    if (refund?.amount === amount) continue;
    findings.add(
      'accepted_refunds_exist',
      number,
      `${refundNo}: ${refund?.amount ?? 'it is gone'}`,
    );
  }
  for (const { number } of toldOf(journal, 'cancel_accepted')) {
    const status = orders.get(number)?.status;
    if (status === 'pending') findings.add('accepted_cancels_act', number, 'it is still pending');
  }
}
