/** What all pages of the simulator have in common. */
import type { Response } from 'express';
import { formatMajor } from '../../domain/money.js';
import { Html, html } from './simulator-html.js';
import { type SimulatedOrder, statusWord } from './simulator-order.js';

const STATE_LABELS = {
  open: 'open, unpaid',
  paying: 'being paid',
  closed: 'closed',
  paid: 'paid',
  canceled: 'canceled',
} as const;

/** Whoever pays sees no navigation: the page stands for the gateway's own. */
export type Audience = 'payer' | 'operator';

export function page(title: string, content: Html, audience: Audience): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · CodePay simulator</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/simulator.css">
<script src="/assets/simulator.js" defer></script>
</head>
<body>
<header><nav aria-label="Simulator"><strong>CodePay simulator</strong>${
    audience === 'operator' && html`<a href="/">Orders</a><a href="/terminal">Terminals</a>`
  }${audience === 'payer' && html`<span class="soft">no real money</span>`}</nav></header>
<main${audience === 'payer' && new Html(' class="narrow"')}>
${content}
</main>
</body>
</html>`;
}

/**
 * Sends a page under a policy that allows nothing inline and nothing foreign.
 * @param formTarget an address that a form's answer may lead to: browsers count redirects as well
 */
export function sendPage(
  response: Response,
  content: Html,
  { status = 200, formTarget = null }: { status?: number; formTarget?: string | null } = {},
): void {
  const formOrigin = formTarget === null ? '' : ` ${new URL(formTarget).origin}`;
  response
    .status(status)
    .set(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'${formOrigin}; base-uri 'none'; frame-ancestors 'none'`,
    )
    .set('cache-control', 'no-store')
    .type('html')
    .send(content.text);
}

export function money(order: Pick<SimulatedOrder, 'amountMinor' | 'currency'>): string {
  return `${formatMajor(order.amountMinor, order.currency)} ${order.currency}`;
}

export function stateBadge(order: SimulatedOrder): Html {
  const word = statusWord(order);
  const label = order.isRefunded ? 'canceled, refunded' : STATE_LABELS[word];
  return html`<span class="state ${word}">${label}</span>`;
}

/** Time of day in UTC, with its exact form for machines. */
export function time(atMs: number): Html {
  const iso = new Date(atMs).toISOString();
  return html`<time datetime="${iso}">${iso.slice(11, 19)}</time>`;
}

/** A button that posts one named action. */
export function actionButton(
  action: string,
  label: string,
  options: { readonly isPrimary?: boolean } = {},
): Html {
  const kind = options.isPrimary === true ? 'primary' : 'plain';
  return html`<button class="${kind}" name="action" value="${action}">${label}</button>`;
}
