import { ConfirmDialog } from '../parts/confirm-dialog.js';
import type { ActionDialogProps } from './action-dialog.js';

interface RedeliverDialogProps extends Omit<ActionDialogProps, 'order'> {
  readonly callbackId: string;
}

export function RedeliverDialog({ callbackId, api, onDone, onClose }: RedeliverDialogProps) {
  return (
    <ConfirmDialog
      title="Deliver this callback again?"
      confirm="Deliver again"
      onClose={onClose}
      onConfirm={async () => {
        const { outcome } = await api.redeliver(callbackId);
        onDone(`The callback was delivered again: ${outcome.replaceAll('_', ' ')}.`);
      }}
    >
      <p>
        The stored callback is given to its order once more, as if it had just come. The order
        recognises what it has seen: a callback that was already counted changes nothing.
      </p>
    </ConfirmDialog>
  );
}
