import { useState } from 'preact/hooks';
import type { PayerAct, SaleBody, TerminalReport } from '../../shop/shop-contract.js';

const ACTS: readonly { readonly value: PayerAct; readonly label: string }[] = [
  { value: 'pays', label: 'Pays' },
  { value: 'cancels', label: 'Presses cancel' },
  { value: 'is_declined', label: 'Has a card that is declined' },
  { value: 'nothing', label: 'Does nothing' },
];

const REPORTS: readonly { readonly value: TerminalReport; readonly label: string }[] = [
  { value: 'as_it_was', label: 'The truth' },
  { value: 'success', label: 'Success' },
  { value: 'canceled', label: 'Canceled by user' },
  { value: 'error', label: 'An error' },
  { value: 'timeout', label: 'Timeout (112)' },
  { value: 'garbage', label: 'Garbage' },
  { value: 'no_answer', label: 'Nothing at all' },
];

/** The till's button, and what is staged at its simulated terminal. */
export function TillControls({
  isBusy,
  onSell,
}: {
  readonly isBusy: boolean;
  readonly onSell: (sale: SaleBody) => void;
}) {
  const [payer, setPayer] = useState<PayerAct>('pays');
  const [report, setReport] = useState<TerminalReport>('as_it_was');
  return (
    <form
      class="till-controls"
      onSubmit={(event) => {
        event.preventDefault();
        onSell({ payer, report });
      }}
    >
      <label>
        The customer
        <select
          value={payer}
          onChange={({ currentTarget }) => setPayer(currentTarget.value as PayerAct)}
        >
          {ACTS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label>
        The terminal tells the till
        <select
          value={report}
          onChange={({ currentTarget }) => setReport(currentTarget.value as TerminalReport)}
        >
          {REPORTS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" aria-busy={isBusy}>
        Start the sale
      </button>
    </form>
  );
}
