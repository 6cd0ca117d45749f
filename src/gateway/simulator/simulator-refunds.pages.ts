/** The refunds of an order, as its page shows them. */
import { formatMajor } from '../../domain/money.js';
import type { CallbackJob } from './simulator-callbacks.js';
import type { ControlledRefund } from './simulator-control.js';
import { type Html, html } from './simulator-html.js';
import { actionButton, money, time } from './simulator-layout.js';

/** The style of each state; they share the colours of an order's. */
const STATE_STYLES = { pending: 'paying', succeeded: 'acknowledged', failed: 'refused' } as const;

/** @param callbackDetails shows a callback and its attempts */
export function refundsSection(
  refunds: readonly ControlledRefund[],
  callbackDetails: (job: CallbackJob) => Html,
): Html {
  const details = refunds.map((refund) => refundDetails(refund, callbackDetails));
  return html`<section class="card"><h2>Refunds (UTC)</h2>${details}</section>`;
}

function refundDetails(
  refund: ControlledRefund,
  callbackDetails: (job: CallbackJob) => Html,
): Html {
  return html`<article>
<p><strong class="number">${refund.refundNo}</strong>
<span class="state ${STATE_STYLES[refund.state]}">${refund.state}</span></p>
<p>${money(refund)}, ${refund.method}${refund.reason !== null && html`: ${refund.reason}`}</p>
<p class="soft">Asked for at ${time(refund.createdAtMs)}${
    refund.endedAtMs !== null && html`, done at ${time(refund.endedAtMs)}`
  }${refund.failure !== null && html`, failed: ${refund.failure.message}`}. Scenario ${refund.scenario}.</p>
${
  refund.state === 'pending' &&
  html`<form method="post" class="actions">
<input type="hidden" name="refundNo" value="${refund.refundNo}">
${actionButton('refund_succeeded', 'Let it succeed', { isPrimary: true })}
${actionButton('refund_failed', 'Let it fail')}</form>`
}
${refund.callbacks.map(callbackDetails)}
</article>`;
}

/** What was given back so far; nothing when nothing was. */
export function refundedLine(
  order: { readonly currency: string },
  refunds: readonly ControlledRefund[],
): Html | false {
  const succeeded = refunds.filter((refund) => refund.state === 'succeeded');
  if (succeeded.length === 0) return false;
  const sum = succeeded.reduce((total, refund) => total + refund.amountMinor, 0);
  return html`<div class="soft">refunded ${formatMajor(sum, order.currency)} ${order.currency}</div>`;
}
