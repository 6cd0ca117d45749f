import { useState } from 'preact/hooks';
import type { ReviewTarget } from '../../../domain/review.js';
import { moneyWords } from '../../shared/money-words.js';
import { ConfirmDialog } from '../parts/confirm-dialog.js';
import type { ActionDialogProps } from './action-dialog.js';
import { REVIEW_LABELS, ReviewChoices } from './review-choices.js';

export function ReviewDialog({ order, api, onDone, onClose }: ActionDialogProps) {
  const { merchantOrderNo: no } = order;
  const [to, setTo] = useState<ReviewTarget | null>(null);
  const [reason, setReason] = useState('');
  return (
    <ConfirmDialog
      title={`Resolve the review of order ${no}?`}
      confirm="Resolve"
      isDangerous
      onClose={onClose}
      onConfirm={async () => {
        if (to === null) return;
        await api.resolveReview(no, to, reason.trim());
        onDone(`The review of order ${no} is resolved: ${REVIEW_LABELS[to]}.`);
      }}
    >
      <p>
        The order is about {moneyWords(order.amount, order.currency)}. Decide by what you have seen
        outside of this service, such as the gateway's portal or a bank statement.
      </p>
      <ReviewChoices chosen={to} onChoose={setTo} />
      <label for="review-reason">Reason</label>
      <input
        id="review-reason"
        type="text"
        autocomplete="off"
        maxLength={255}
        required
        value={reason}
        onInput={(event) => setReason(event.currentTarget.value)}
      />
      <p>
        <strong>This cannot be undone.</strong> It is audited with your name.
      </p>
    </ConfirmDialog>
  );
}
