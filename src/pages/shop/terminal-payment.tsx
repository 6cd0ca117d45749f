/** Paying at a terminal that the shop drives: the page asks until it knows or the time is over. */
import { useEffect, useState } from 'preact/hooks';
import { POLL_FOR_MS } from '../../domain/schedule.js';
import type { PayerAct, ShopOrder } from '../../shop/shop-contract.js';
import { CheckingNotice } from './checking-notice.js';
import { moneyText } from './order-words.js';
import { PaymentOutcome } from './payment-outcome.js';
import { actAtTerminal, messageOf } from './shop-api.js';
import { useShop } from './shop-context.js';
import type { Payment } from './use-payment.js';

const TICK_MS = 500;

export function TerminalPayment({
  order,
  payment,
}: {
  readonly order: ShopOrder;
  readonly payment: Payment;
}) {
  const { client, state } = payment;
  const isSimulated = useShop().simulator !== null;
  useEffect(() => {
    void client.waitForPayment();
  }, [client]);
  const isChecking = state.kind === 'checking';
  return (
    <>
      {isChecking && (
        <>
          <p>
            Please pay <strong>{moneyText(order.amountMinor, order.currency)}</strong> at{' '}
            <strong>{order.terminalSn}</strong>. This page notices by itself.
          </p>
          <WaitProgress startedAtMs={state.startedAtMs} />
        </>
      )}
      <CheckingNotice state={state} />
      <PaymentOutcome payment={payment} onPayAgain={() => void client.waitForPayment()} />
      {isSimulated && isChecking && <StagedPayer merchantOrderNo={order.merchantOrderNo} />}
    </>
  );
}

/** How much of the waiting time is over. Nothing in it is announced. */
function WaitProgress({ startedAtMs }: { readonly startedAtMs: number }) {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const elapsedMs = Math.min(Math.max(nowMs - startedAtMs, 0), POLL_FOR_MS);
  const left = Math.ceil((POLL_FOR_MS - elapsedMs) / 1_000);
  return (
    <div class="wait">
      <progress max={POLL_FOR_MS} value={elapsedMs} aria-label="Waiting time that is over" />
      <span class="soft" aria-hidden="true">
        {left} s
      </span>
    </div>
  );
}

const ACTS: readonly { readonly payer: PayerAct; readonly label: string }[] = [
  { payer: 'pays', label: 'Present a card' },
  { payer: 'is_declined', label: 'Be declined' },
  { payer: 'cancels', label: 'Press cancel' },
];

function StagedPayer({ merchantOrderNo }: { readonly merchantOrderNo: string }) {
  const [failure, setFailure] = useState<string | null>(null);
  const act = async (payer: PayerAct) => {
    try {
      await actAtTerminal(merchantOrderNo, payer);
      setFailure(null);
    } catch (error) {
      setFailure(messageOf(error));
    }
  };
  return (
    <section class="staged" aria-label="The simulated terminal">
      <h2>At the terminal</h2>
      <p class="soft">It is simulated: play the person who stands there.</p>
      <div class="actions">
        {ACTS.map(({ payer, label }) => (
          <button
            key={payer}
            type="button"
            class="secondary outline"
            onClick={() => void act(payer)}
          >
            {label}
          </button>
        ))}
      </div>
      {failure !== null && <p class="failure">{failure}</p>}
    </section>
  );
}
