/** The hosted payment page, as a payer sees it. */
import { type Html, html } from './simulator-html.js';
import { actionButton, money, page, stateBadge } from './simulator-layout.js';
import { type SimulatedOrder, statusWord } from './simulator-order.js';

/** @param notice what the last try came to, if anything */
export function checkoutPage(order: SimulatedOrder, notice: string | null): Html {
  return page(
    'Payment',
    html`<h1>Payment</h1>
<section class="card" aria-label="Order">
<p class="amount">${money(order)}</p>
<p>${order.description ?? 'Order'}<br><span class="soft number">${order.merchantOrderNo}</span></p>
<p>${stateBadge(order)}</p>
${notice !== null && html`<p class="notice bad" role="alert">${notice}</p>`}
${choices(order)}
</section>`,
    'payer',
  );
}

function choices(order: SimulatedOrder): Html {
  switch (statusWord(order)) {
    case 'open':
      return html`<p class="soft">Test card 4111 11** **** 1111</p>
<form method="post" class="actions">
${actionButton('pay', `Pay ${money(order)}`, { isPrimary: true })}
${actionButton('decline', 'Let the card be declined')}
${actionButton('later', 'Pay later')}
</form>`;
    case 'paying':
      return html`<p class="notice">The payment is being processed.</p>${backLink(order)}`;
    case 'paid':
      return html`<p class="notice">The payment was successful.</p>${backLink(order)}`;
    default:
      return html`<p class="notice bad">This order can no longer be paid here.${
        order.failure !== null && html` The payment was ${order.failure.message}.`
      }</p>${backLink(order)}`;
  }
}

function backLink(order: SimulatedOrder): Html {
  const target = returnAddress(order);
  return target === null
    ? html`<p class="soft">You can close this page.</p>`
    : html`<div class="actions"><a class="button" href="${target}">Back to the shop</a></div>`;
}

/** Where the payer goes back to, with the order's number as `tn`; `null` when the merchant gave no web address. */
export function returnAddress(order: SimulatedOrder): string | null {
  if (order.returnUrl === null || !URL.canParse(order.returnUrl)) return null;
  const url = new URL(order.returnUrl);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  url.searchParams.set('tn', order.merchantOrderNo);
  return url.href;
}
