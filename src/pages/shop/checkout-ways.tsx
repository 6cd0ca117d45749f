import type { PaymentWay } from '../../shop/shop-contract.js';
import { WAY_WORDS } from './order-words.js';

export interface CheckoutChoice {
  readonly way: PaymentWay;
  /** `null`: the first one. */
  readonly terminalSn: string | null;
  readonly opensNewTab: boolean;
}

const WAYS: readonly { readonly way: PaymentWay; readonly explanation: string }[] = [
  { way: 'hosted', explanation: 'Pay online by card. You come back here afterwards.' },
  { way: 'cloud', explanation: 'We send the amount to a terminal. Pay there; this page notices.' },
  { way: 'pos', explanation: 'The till starts the sale on the terminal beside it.' },
];

interface CheckoutWaysProps {
  readonly choice: CheckoutChoice;
  readonly terminals: readonly string[];
  readonly onChoose: (choice: CheckoutChoice) => void;
}

export function CheckoutWays({ choice, terminals, onChoose }: CheckoutWaysProps) {
  return (
    <>
      <fieldset class="ways">
        <legend>How would you like to pay?</legend>
        {WAYS.map(({ way, explanation }) => (
          <label key={way} class="way">
            <input
              type="radio"
              name="way"
              value={way}
              checked={choice.way === way}
              onChange={() => onChoose({ ...choice, way })}
            />
            <span>
              <strong>{WAY_WORDS[way]}</strong>
              <span class="soft">{explanation}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <WayDetails choice={choice} terminals={terminals} onChoose={onChoose} />
    </>
  );
}

/** What else there is to choose for this way to pay. */
function WayDetails({ choice, terminals, onChoose }: CheckoutWaysProps) {
  if (choice.way === 'hosted') {
    return (
      <label>
        <input
          type="checkbox"
          checked={choice.opensNewTab}
          onChange={({ currentTarget }) =>
            onChoose({ ...choice, opensNewTab: currentTarget.checked })
          }
        />
        The payment page opens in a new tab
      </label>
    );
  }
  return (
    <label>
      Terminal
      <select
        value={choice.terminalSn ?? terminals[0] ?? ''}
        onChange={({ currentTarget }) => onChoose({ ...choice, terminalSn: currentTarget.value })}
      >
        {terminals.map((terminalSn) => (
          <option key={terminalSn} value={terminalSn}>
            {terminalSn}
          </option>
        ))}
      </select>
    </label>
  );
}
