import { ConfirmDialog } from '../parts/confirm-dialog.js';
import type { ActionDialogProps } from './action-dialog.js';

export function CheckDialog({ order, api, onDone, onClose }: ActionDialogProps) {
  const no = order.merchantOrderNo;
  return (
    <ConfirmDialog
      title="Ask the gateway now?"
      confirm="Ask now"
      onClose={onClose}
      onConfirm={async () => {
        await api.check(no);
        onDone(`The gateway is asked about order ${no}.`);
      }}
    >
      <p>
        The gateway is asked about order <span class="number">{no}</span> at once. The question is
        extra: it counts towards no limit and does not move the schedule. A proven answer settles
        the order; anything else changes nothing.
      </p>
    </ConfirmDialog>
  );
}
