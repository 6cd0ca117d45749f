import { useState } from 'preact/hooks';
import type { RefundAnswer } from '../../../api/refund-answer-schemas.js';
import { useConsole } from '../data/console-context.js';
import type { ActionDialogProps } from './action-dialog.js';
import { CancelDialog } from './cancel-dialog.js';
import { CheckDialog } from './check-dialog.js';
import { canCancel, canRefund, canResolveReview, refundableMinor } from './order-facts.js';
import { RefundDialog } from './refund-dialog.js';
import { ReviewDialog } from './review-dialog.js';

interface OrderActionsProps extends Omit<ActionDialogProps, 'onClose'> {
  readonly refunds: readonly RefundAnswer[];
}

type Asked = 'check' | 'cancel' | 'refund' | 'review';

/** What an operator may do with the order as it is now. Each asks first. */
export function OrderActions({ order, api, refunds, onDone }: OrderActionsProps) {
  const { mayOperate } = useConsole();
  const [asked, setAsked] = useState<Asked | null>(null);
  if (!mayOperate) return null;
  const dialog = { order, api, onDone, onClose: () => setAsked(null) };
  const button = (name: Asked, label: string, isMain = false) => (
    <button type="button" class={isMain ? 'small' : 'small outline'} onClick={() => setAsked(name)}>
      {label}
    </button>
  );
  return (
    <>
      <fieldset class="actions" aria-label="Actions" tabIndex={-1}>
        {canResolveReview(order) ? button('review', 'Resolve review', true) : null}
        {button('check', 'Check now')}
        {canCancel(order) ? button('cancel', 'Cancel') : null}
        {canRefund(order, refunds) ? button('refund', 'Refund') : null}
      </fieldset>
      {asked === 'check' ? <CheckDialog {...dialog} /> : null}
      {asked === 'cancel' ? <CancelDialog {...dialog} /> : null}
      {asked === 'refund' ? (
        <RefundDialog {...dialog} leftMinor={refundableMinor(order, refunds)} />
      ) : null}
      {asked === 'review' ? <ReviewDialog {...dialog} /> : null}
    </>
  );
}
