import { ConfirmDialog } from '../parts/confirm-dialog.js';
import type { ActionDialogProps } from './action-dialog.js';

export function CancelDialog({ order, api, onDone, onClose }: ActionDialogProps) {
  const no = order.merchantOrderNo;
  return (
    <ConfirmDialog
      title={`Cancel order ${no}?`}
      confirm="Cancel the order"
      isDangerous
      onClose={onClose}
      onConfirm={async () => {
        await api.cancel(no);
        onDone(`Order ${no} is being closed.`);
      }}
    >
      <p>
        The gateway is asked, told to close the order if nobody has paid, and asked again. A payment
        that is proven on the way still makes the order paid.
      </p>
      <p>
        <strong>This cannot be undone:</strong> a closed order cannot be paid any more.
      </p>
    </ConfirmDialog>
  );
}
