/** Paying at a till with its own terminal: the till starts the sale, and what the terminal says is checked. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SaleAnswer, SaleBody, ShopOrder } from '../../shop/shop-contract.js';
import { CheckingNotice } from './checking-notice.js';
import { moneyText } from './order-words.js';
import { PaymentOutcome } from './payment-outcome.js';
import { startSale } from './shop-api.js';
import { TillControls } from './till-controls.js';
import type { Payment } from './use-payment.js';

type TillPhase = 'ready' | 'selling' | 'reported';

interface TillPaymentProps {
  readonly order: ShopOrder;
  readonly payment: Payment;
}

export function TillPayment({ order, payment }: TillPaymentProps) {
  const { client, state } = payment;
  const [phase, setPhase] = useState<TillPhase>(order.hasStartedSale ? 'reported' : 'ready');
  const [reported, setReported] = useState<SaleAnswer | null>(null);
  const isSelling = useRef(false);
  useEffect(() => {
    // A till that has lost the terminal's answer, by a reload say, has to ask before it does anything.
    if (order.hasStartedSale) void client.waitForPayment();
  }, [client, order.hasStartedSale]);
  const sell = async (sale: SaleBody) => {
    if (isSelling.current) return;
    isSelling.current = true;
    setPhase('selling');
    // Whatever goes wrong on the way, the terminal may have taken the money: that is the terminal's silence.
    const answer = await startSale(order.merchantOrderNo, sale).catch(() => ({ result: null }));
    isSelling.current = false;
    setReported(answer);
    setPhase('reported');
    await client.reportPosResult(answer.result);
  };
  return (
    <>
      <div class="till">
        <div class="terminal">
          <p class="terminal-name">{order.terminalSn}</p>
          <p class="terminal-amount">{moneyText(order.amountMinor, order.currency)}</p>
          <p class="terminal-line">{terminalLine(phase)}</p>
        </div>
        {phase !== 'reported' && <TillControls isBusy={phase === 'selling'} onSell={sell} />}
        {phase === 'reported' && <ReportedResult answer={reported} />}
      </div>
      <CheckingNotice state={state} />
      <PaymentOutcome
        payment={payment}
        onPayAgain={() => {
          setReported(null);
          setPhase('ready');
        }}
      />
    </>
  );
}

function terminalLine(phase: TillPhase): string {
  if (phase === 'ready') return 'Ready';
  return phase === 'selling' ? 'Present a card' : 'Done';
}

/** What the terminal gave back, as it came: the till believes none of it before the service has looked. */
function ReportedResult({ answer }: { readonly answer: SaleAnswer | null }) {
  if (answer === null) return <p class="soft">A sale was started for this order.</p>;
  const { result } = answer;
  return (
    <dl class="reported">
      <dt>The terminal said</dt>
      <dd>
        {result === null ? (
          'nothing'
        ) : (
          <>
            <code>{result.responseCode}</code> {result.responseMsg}
          </>
        )}
      </dd>
    </dl>
  );
}
