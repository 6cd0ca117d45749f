import type { OrderAnswer } from '../../../api/answer-schemas.js';
import { moneyWords } from '../../shared/money-words.js';
import { CHANNEL_WORDS, STATUS_WORDS } from '../data/status-words.js';
import { Badge } from '../parts/badge.js';
import { Moment } from '../parts/moment.js';
import { OrderLink } from '../parts/order-link.js';

const PROOF_WORDS = {
  callback: 'Callback',
  query: 'Query',
  cancel: 'Cancel',
  operator: 'Operator',
} as const;

/** Orders as a table; on a phone each is a card, with the headings beside the values. */
export function OrderTable({ orders }: { readonly orders: readonly OrderAnswer[] }) {
  return (
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Order</th>
          <th scope="col">Status</th>
          <th scope="col" class="amount">
            Amount
          </th>
          <th scope="col">Channel</th>
          <th scope="col">Created</th>
          <th scope="col">Decided by</th>
          <th scope="col">Gateway number</th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <tr key={order.merchantOrderNo}>
            <th scope="row">
              <OrderLink merchantOrderNo={order.merchantOrderNo} />
            </th>
            <td data-label="Status">
              <Badge words={STATUS_WORDS[order.status]} />
            </td>
            <td data-label="Amount" class="amount">
              {moneyWords(order.amount, order.currency)}
            </td>
            <td data-label="Channel">{CHANNEL_WORDS[order.channel]}</td>
            <td data-label="Created">
              <Moment at={order.createdAt} />
            </td>
            <td data-label="Decided by">
              {order.decidedBy === null ? '–' : PROOF_WORDS[order.decidedBy.source]}
            </td>
            <td data-label="Gateway number" class="number">
              {order.gatewayTransNo ?? '–'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
