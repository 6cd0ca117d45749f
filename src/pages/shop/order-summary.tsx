import type { ShopOrder } from '../../shop/shop-contract.js';
import { moneyText } from './order-words.js';

type Summarised = Pick<ShopOrder, 'lines' | 'amountMinor' | 'currency'>;

/** What was ordered and what it costs. */
export function OrderSummary({ lines, amountMinor, currency }: Summarised) {
  return (
    <table class="summary">
      <caption class="visually-hidden">What you ordered</caption>
      <tbody>
        {lines.map(({ goodsId, name, quantity, amountMinor: lineMinor }) => (
          <tr key={goodsId}>
            <th scope="row">
              {name} <span class="soft">× {quantity}</span>
            </th>
            <td>{moneyText(lineMinor, currency)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Total</th>
          <td>{moneyText(amountMinor, currency)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
