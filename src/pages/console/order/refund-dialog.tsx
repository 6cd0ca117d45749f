import { useState } from 'preact/hooks';
import { formatMajor } from '../../../domain/money.js';
import { moneyWords } from '../../shared/money-words.js';
import { ConfirmDialog } from '../parts/confirm-dialog.js';
import type { ActionDialogProps } from './action-dialog.js';
import { sendRefund } from './send-refund.js';

interface RefundDialogProps extends ActionDialogProps {
  /** Minor units that may still be given back. */
  readonly leftMinor: number;
}

export function RefundDialog({ order, api, leftMinor, onDone, onClose }: RefundDialogProps) {
  const { merchantOrderNo: no, currency } = order;
  const [amount, setAmount] = useState(formatMajor(leftMinor, currency));
  const [reason, setReason] = useState('');
  const send = async () => {
    const amountMinor = await sendRefund(api, order, { amount, reason });
    onDone(`A refund of ${moneyWords(amountMinor, currency)} was asked for.`);
  };
  return (
    <ConfirmDialog
      title={`Refund order ${no}?`}
      confirm="Refund"
      isDangerous
      onClose={onClose}
      onConfirm={send}
    >
      <p>
        The gateway gives the money back to the payer. At most{' '}
        <strong>{moneyWords(leftMinor, currency)}</strong> are left.
      </p>
      <label for="refund-amount">Amount in {currency}</label>
      <input
        id="refund-amount"
        type="text"
        inputMode="decimal"
        autocomplete="off"
        required
        value={amount}
        onInput={(event) => setAmount(event.currentTarget.value)}
      />
      <label for="refund-reason">Reason</label>
      <input
        id="refund-reason"
        type="text"
        autocomplete="off"
        maxLength={255}
        required
        aria-describedby="refund-reason-note"
        value={reason}
        onInput={(event) => setReason(event.currentTarget.value)}
      />
      <small id="refund-reason-note">
        Sent to the gateway and kept in the audit. No names, no card data.
      </small>
      <p>
        <strong>This cannot be undone:</strong> money that went back does not return.
      </p>
    </ConfirmDialog>
  );
}
