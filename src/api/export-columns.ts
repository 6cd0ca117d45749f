/**
 * The columns of the exports. Names and order are forever: a new column goes to the end. Amounts are there twice, in
 * minor units and as exact decimals with the currency's own number of decimals.
 */
import { formatMajor } from '../domain/money.js';
import type { Order } from '../domain/order.js';
import type { StoredRefund } from '../store/refund-store.js';
import type { CsvColumn } from './csv.js';

export const ORDER_COLUMNS: readonly CsvColumn<Order>[] = [
  { name: 'merchantOrderNo', value: (order) => order.merchantOrderNo },
  { name: 'status', value: (order) => order.status },
  { name: 'reviewReason', value: (order) => order.reviewReason },
  { name: 'channel', value: (order) => order.channel },
  { name: 'terminalSn', value: (order) => order.terminalSn },
  { name: 'currency', value: (order) => order.currency },
  { name: 'amount', value: ({ amount, currency }) => formatMajor(amount, currency) },
  { name: 'amountMinor', value: (order) => order.amount },
  { name: 'paidAmount', value: ({ paidAmount, currency }) => formatMajor(paidAmount, currency) },
  { name: 'paidAmountMinor', value: (order) => order.paidAmount },
  {
    name: 'refundedAmount',
    value: ({ refundedAmount, currency }) => formatMajor(refundedAmount, currency),
  },
  { name: 'refundedAmountMinor', value: (order) => order.refundedAmount },
  { name: 'gatewayTransNo', value: (order) => order.gatewayTransNo },
  { name: 'decidedBy', value: (order) => order.decidedBy?.source ?? null },
  { name: 'createdAt', value: (order) => order.createdAt },
  { name: 'paidAt', value: (order) => order.paidAt },
  { name: 'canceledAt', value: (order) => order.canceledAt },
  { name: 'updatedAt', value: (order) => order.updatedAt },
  { name: 'description', value: (order) => order.description },
];

export const REFUND_COLUMNS: readonly CsvColumn<StoredRefund>[] = [
  { name: 'refundNo', value: (refund) => refund.refundNo },
  { name: 'merchantOrderNo', value: (refund) => refund.merchantOrderNo },
  { name: 'status', value: (refund) => refund.status },
  { name: 'method', value: (refund) => refund.method },
  { name: 'currency', value: (refund) => refund.currency },
  { name: 'amount', value: ({ amount, currency }) => formatMajor(amount, currency) },
  { name: 'amountMinor', value: (refund) => refund.amount },
  { name: 'gatewayTransNo', value: (refund) => refund.gatewayTransNo },
  { name: 'failureCode', value: (refund) => refund.failureCode },
  { name: 'requestedBy', value: (refund) => refund.requestedBy },
  { name: 'createdAt', value: (refund) => refund.requestedAt },
  { name: 'settledAt', value: (refund) => refund.settledAt },
  { name: 'reason', value: (refund) => refund.reason },
];
