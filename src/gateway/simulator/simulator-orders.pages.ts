/** All orders and what became of their callbacks, for the people who develop against the simulator. */
import type { CallbackAttempt, CallbackJob } from './simulator-callbacks.js';
import type { ControlledOrder } from './simulator-control.js';
import { type Html, html } from './simulator-html.js';
import { actionButton, money, page, stateBadge, time } from './simulator-layout.js';
import { statusWord } from './simulator-order.js';
import { refundedLine, refundsSection } from './simulator-refunds.pages.js';

/** The newest ones; the control API lists all. */
export const ORDERS_SHOWN_MAX = 100;

export function ordersPage(orders: readonly ControlledOrder[], entryUrl: string): Html {
  const rows = orders.map(
    (order) => html`<tr>
<td data-label="Order"><a class="number" href="/orders/${encodeURIComponent(order.merchantOrderNo)}">${order.merchantOrderNo}</a></td>
<td data-label="State">${stateBadge(order)}</td>
<td data-label="Amount" class="right"><div>${money(order)}${refundedLine(order, order.refunds)}</div></td>
<td data-label="Channel">${order.channel}</td>
<td data-label="Scenario">${order.scenario}</td>
<td data-label="Callbacks">${callbacksSummary(order.callbacks)}</td>
<td data-label="Created (UTC)" class="right">${time(order.createdAtMs)}</td>
</tr>`,
  );
  return page(
    'Orders',
    html`<h1>Orders</h1>
<p class="soft">The gateway's address is <span class="number">${entryUrl}</span></p>
<div data-live>
<section class="card">${
      orders.length === 0
        ? html`<p>No order yet. Create one over the API, or <a href="/terminal">start a sale on a terminal</a>.</p>`
        : html`<div class="scroll"><table class="stack">
<thead><tr><th scope="col">Order</th><th scope="col">State</th><th scope="col" class="right">Amount</th>
<th scope="col">Channel</th><th scope="col">Scenario</th><th scope="col">Callbacks</th>
<th scope="col" class="right">Created (UTC)</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
    }${
      orders.length >= ORDERS_SHOWN_MAX && html`<p class="soft">The newest ${ORDERS_SHOWN_MAX}.</p>`
    }
</section></div>`,
    'operator',
  );
}

function callbacksSummary(callbacks: readonly CallbackJob[]): Html {
  if (callbacks.length === 0) return html`<span class="soft">none</span>`;
  const acknowledged = callbacks.filter((job) => job.delivered).length;
  const attempts = callbacks.reduce((sum, job) => sum + job.attempts.length, 0);
  const kind = acknowledged === callbacks.length ? 'acknowledged' : 'waiting';
  return html`<div><span class="state ${kind}">${acknowledged} of ${callbacks.length} acknowledged</span>
<div class="soft">${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}</div></div>`;
}

export function orderPage(order: ControlledOrder, notice: string | null): Html {
  const rows: readonly (readonly [string, string | Html])[] = [
    ['State', stateBadge(order)],
    [
      'Channel',
      order.terminalSn === null ? order.channel : `${order.channel}, ${order.terminalSn}`,
    ],
    ['Scenario', order.scenario],
    ['Gateway number', order.transNo],
    ['Expires', order.expiresAtMs === null ? 'never' : html`${time(order.expiresAtMs)} UTC`],
    ['Callbacks to', order.notifyUrl ?? 'no address given'],
  ];
  return page(
    order.merchantOrderNo,
    html`<h1>Order <span class="number">${order.merchantOrderNo}</span></h1>
${notice !== null && html`<p class="notice bad" role="alert">${notice}</p>`}
<div data-live>
<section class="card" aria-label="Order">
<p class="amount">${money(order)}</p>
${refundedLine(order, order.refunds)}
<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
<form method="post" class="actions">${orderActions(order)}</form>
${order.paymentPath !== null && html`<p><a href="${order.paymentPath}">The payer's page</a></p>`}
</section>
<section class="card"><h2>History (UTC)</h2><ol class="plain">${order.history.map(
      (entry) => html`<li><span class="soft">${time(entry.atMs)}</span> ${entry.text}</li>`,
    )}</ol></section>
<section class="card"><h2>Callbacks (UTC)</h2>${
      order.callbacks.length === 0
        ? html`<p class="soft">None was sent.</p>`
        : order.callbacks.map(callbackDetails)
    }</section>
${order.refunds.length > 0 && refundsSection(order.refunds, callbackDetails)}
</div>`,
    'operator',
  );
}

function orderActions(order: ControlledOrder): readonly Html[] {
  switch (statusWord(order)) {
    case 'open':
    case 'paying':
      return [
        actionButton('pay', 'Pay', { isPrimary: true }),
        actionButton('decline', 'Decline'),
        actionButton('expire', 'Let it expire'),
      ];
    case 'closed':
    case 'canceled':
      return order.isRefunded ? [] : [actionButton('pay_late', 'Let late money arrive')];
    case 'paid':
      return [];
  }
}

function callbackDetails(job: CallbackJob): Html {
  const end = job.delivered
    ? html`<span class="state acknowledged">acknowledged</span>`
    : job.nextAtMs === null
      ? html`<span class="state refused">given up</span>`
      : html`<span class="state">next at ${time(job.nextAtMs)}</span>`;
  return html`<article>
<p><strong>${job.label}</strong> ${end}</p>
<ol class="plain">${job.attempts.map(attemptLine)}</ol>
<details><summary>What was sent</summary><pre>${job.body}</pre></details>
</article>`;
}

function attemptLine(attempt: CallbackAttempt): Html {
  const answer = attempt.answer === '' ? 'an empty body' : attempt.answer;
  return html`<li><span class="soft">${time(attempt.atMs)}</span>
${attempt.status === null ? answer : `HTTP ${attempt.status}: ${answer}`}
<span class="soft">${attempt.durationMs} ms</span></li>`;
}
