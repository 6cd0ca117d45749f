/** Terminals, as the person in front of one sees them. */
import { type Html, html } from './simulator-html.js';
import { actionButton, money, page, stateBadge, time } from './simulator-layout.js';
import { type SimulatedOrder, statusWord } from './simulator-order.js';

export interface TerminalQueue {
  readonly terminalSn: string;
  /** Newest first. */
  readonly orders: readonly SimulatedOrder[];
}

const RECENT_MAX = 10;

function isWaiting(order: SimulatedOrder): boolean {
  return ['open', 'paying'].includes(statusWord(order));
}

export function terminalsPage(queues: readonly TerminalQueue[]): Html {
  const cards = queues.map(({ terminalSn, orders }) => {
    const waiting = orders.filter(isWaiting).length;
    return html`<section class="card">
<h2><a href="/terminal/${encodeURIComponent(terminalSn)}">${terminalSn}</a></h2>
<p class="soft">${waiting === 0 ? 'Nothing waits here.' : `Waiting: ${waiting}`}</p>
</section>`;
  });
  return page('Terminals', html`<h1>Terminals</h1><div data-live>${cards}</div>`, 'operator');
}

/** @param suggestedNo an order number for the next sale at the till */
export function terminalPage(
  { terminalSn, orders }: TerminalQueue,
  suggestedNo: string,
  notice: string | null,
): Html {
  const waiting = orders.filter(isWaiting).reverse();
  const done = orders.filter((order) => !isWaiting(order)).slice(0, RECENT_MAX);
  return page(
    terminalSn,
    html`<h1>Terminal ${terminalSn}</h1>
${notice !== null && html`<p class="notice bad" role="alert">${notice}</p>`}
<div data-live>
${
  waiting.length === 0
    ? html`<section class="card"><p class="soft">Nothing to pay. Orders appear here by themselves.</p></section>`
    : waiting.map((order) => waitingOrder(terminalSn, order))
}
</div>
<section class="card">
<h2>Start a sale as the till does</h2>
<form method="post" action="/terminal/${encodeURIComponent(terminalSn)}/sales">
<div class="fields">
<div><label for="merchantOrderNo">Order number</label>
<input id="merchantOrderNo" name="merchantOrderNo" required maxlength="32" pattern="[A-Za-z0-9_\\-\\|*@]+"
 autocomplete="off" value="${suggestedNo}"></div>
<div><label for="amount">Amount</label>
<input id="amount" name="amount" required inputmode="decimal" autocomplete="off" placeholder="10.50"></div>
<div><label for="currency">Currency</label>
<input id="currency" name="currency" required pattern="[A-Z]{3}" maxlength="3" autocomplete="off" value="USD"></div>
</div>
<div class="actions"><button class="primary">Start the sale</button></div>
</form>
</section>
${done.length > 0 && doneOrders(done)}`,
    'operator',
  );
}

function waitingOrder(terminalSn: string, order: SimulatedOrder): Html {
  const action = `/terminal/${encodeURIComponent(terminalSn)}/orders/${encodeURIComponent(order.merchantOrderNo)}`;
  return html`<section class="card" aria-label="Order ${order.merchantOrderNo}">
<p class="amount">${money(order)}</p>
<p>${stateBadge(order)} <span class="number">${order.merchantOrderNo}</span>
<span class="soft">${order.channel === 'pos' ? 'from the till' : 'from the back end'}, ${time(order.createdAtMs)} UTC</span></p>
<form method="post" action="${action}" class="actions">
${actionButton('pay', 'Present card and pay', { isPrimary: true })}
${actionButton('decline', 'Card is declined')}
${actionButton('cancel', 'Cancel on the terminal')}
</form>
</section>`;
}

function doneOrders(orders: readonly SimulatedOrder[]): Html {
  return html`<section class="card"><h2>Done</h2><ol class="plain">${orders.map(
    (order) => html`<li>${stateBadge(order)} ${money(order)}
<a class="number" href="/orders/${encodeURIComponent(order.merchantOrderNo)}">${order.merchantOrderNo}</a></li>`,
  )}</ol></section>`;
}
