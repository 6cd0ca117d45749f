import type { RefundAnswer } from '../../../api/refund-answer-schemas.js';
import { moneyWords } from '../../shared/money-words.js';
import { REFUND_WORDS } from '../data/status-words.js';
import { Badge } from '../parts/badge.js';
import { Moment } from '../parts/moment.js';

export function RefundList({ refunds }: { readonly refunds: readonly RefundAnswer[] }) {
  return (
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Refund</th>
          <th scope="col">State</th>
          <th scope="col" class="amount">
            Amount
          </th>
          <th scope="col">Reason</th>
          <th scope="col">Asked for by</th>
          <th scope="col">Created</th>
          <th scope="col">Settled</th>
        </tr>
      </thead>
      <tbody>
        {refunds.map((refund) => (
          <tr key={refund.refundNo}>
            <th scope="row" class="number">
              {refund.refundNo}
            </th>
            <td data-label="State">
              <Badge words={REFUND_WORDS[refund.status]} />
              {refund.failureCode === null ? null : <code>{refund.failureCode}</code>}
            </td>
            <td data-label="Amount" class="amount">
              {moneyWords(refund.amount, refund.currency)}
            </td>
            <td data-label="Reason">{refund.reason}</td>
            <td data-label="Asked for by">{refund.requestedBy}</td>
            <td data-label="Created">
              <Moment at={refund.createdAt} />
            </td>
            <td data-label="Settled">
              {refund.settledAt === null ? '–' : <Moment at={refund.settledAt} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
