/** Paying on the gateway's page: before it, beside it in another tab, and after coming back. */
import { useEffect, useState } from 'preact/hooks';
import type { ShopOrder } from '../../shop/shop-contract.js';
import { CheckingNotice } from './checking-notice.js';
import { PaymentOutcome } from './payment-outcome.js';
import type { Payment } from './use-payment.js';

interface HostedPaymentProps {
  readonly order: ShopOrder;
  readonly payment: Payment;
  /** The payer has just come back from the payment page. */
  readonly isReturn: boolean;
  /** The payment address is still lacking: the gateway did not answer in time. */
  readonly onSendAgain: () => void;
}

export function HostedPayment({ order, payment, isReturn, onSendAgain }: HostedPaymentProps) {
  const { client, state } = payment;
  const { isOpened, setIsOpened, again, setAgain } = useOpening(isReturn);
  const isYoung = useIsYoung(order);
  useEffect(() => {
    // Who comes back later, or from the payment page, wants to know; who has just ordered has yet to pay.
    if (isReturn || !isYoung) void client.waitForPayment();
  }, [client, isReturn, isYoung]);
  const leave = (paymentUrl: string | null) => {
    if (paymentUrl !== null && !order.opensNewTab) location.assign(paymentUrl);
    else setAgain({ paymentUrl });
  };
  const isEnded = state.kind === 'pay_again' || state.kind === 'do_not_pay_again';
  const isToBePaid = again !== null || (!isReturn && isYoung);
  return (
    <>
      {!isEnded && (
        <p>
          {isOpened
            ? 'When the payment page says that you are done, tell us here. We look at once.'
            : 'Pay on the payment page, then come back here.'}
        </p>
      )}
      {isToBePaid && state.kind !== 'paying_again' && !isEnded && (
        <PaymentPageLink
          order={{ ...order, paymentUrl: again?.paymentUrl ?? order.paymentUrl }}
          isOpened={isOpened}
          onSendAgain={onSendAgain}
          onOpen={() => {
            setIsOpened(true);
            if (order.opensNewTab) void client.waitForPayment();
          }}
        />
      )}
      {!isEnded && state.kind !== 'paying_again' && (
        <div class="actions">
          <button
            type="button"
            class={isOpened ? '' : 'secondary outline'}
            onClick={() => void client.checkNow()}
          >
            Payment completed
          </button>
        </div>
      )}
      <CheckingNotice state={state} />
      <PaymentOutcome payment={payment} onPayAgain={leave} />
    </>
  );
}

/** Whether the payer was sent to the payment page, and where to after payment was asked for again. */
function useOpening(isReturn: boolean) {
  const [isOpened, setIsOpened] = useState(isReturn);
  // `null` until payment was asked for again. The new address may be another one.
  const [again, setAgain] = useState<{ readonly paymentUrl: string | null } | null>(null);
  return {
    isOpened,
    setIsOpened,
    again,
    setAgain: (started: { readonly paymentUrl: string | null }) => {
      setIsOpened(false);
      setAgain(started);
    },
  };
}

/** The page takes one payment only, so opening it twice is safe. */
function PaymentPageLink({
  order,
  isOpened,
  onSendAgain,
  onOpen,
}: {
  readonly order: ShopOrder;
  readonly isOpened: boolean;
  readonly onSendAgain: () => void;
  readonly onOpen: () => void;
}) {
  if (order.paymentUrl === null) {
    return (
      <div class="actions">
        <button type="button" onClick={onSendAgain}>
          Ask for the payment page
        </button>
      </div>
    );
  }
  const newTab = order.opensNewTab ? { target: '_blank', rel: 'noopener' } : {};
  if (isOpened) {
    return (
      <p class="soft">
        The payment page did not open?{' '}
        <a href={order.paymentUrl} {...newTab}>
          Show the same page
        </a>
      </p>
    );
  }
  return (
    <div class="actions">
      <a class="button" href={order.paymentUrl} onClick={onOpen} {...newTab}>
        {order.opensNewTab ? 'Open the payment page in a new tab' : 'Go to the payment page'}
      </a>
    </div>
  );
}

/** Longer than this nobody takes to get to the payment page; afterwards the service is asked first. */
const YOUNG_MS = 60_000;

/** Decided when the page is shown: it does not change under the reader's hands. */
function useIsYoung({ createdAt }: ShopOrder): boolean {
  const [isYoung] = useState(() => Date.now() - Date.parse(createdAt) < YOUNG_MS);
  return isYoung;
}
