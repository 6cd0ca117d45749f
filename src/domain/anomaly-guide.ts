/** What each kind of anomaly means to whoever is on call. Pure; alerts, console and runbooks use the same words. */
import type { AnomalyKind } from './audit.js';

/** `page` wakes somebody: money is at stake now. `ticket` waits for the morning. */
export type AnomalySeverity = 'page' | 'ticket';

export interface AnomalyGuide {
  readonly severity: AnomalySeverity;
  /** Three to six words. */
  readonly title: string;
  /** One sentence: what it means, in the words of the runbook. */
  readonly meaning: string;
}

export const ANOMALY_GUIDES: Readonly<Record<AnomalyKind, AnomalyGuide>> = {
  amount_mismatch: {
    severity: 'page',
    title: 'Paid amount is not ours',
    meaning: 'The gateway signed a payment of another amount or currency than the order has.',
  },
  contradiction: {
    severity: 'page',
    title: 'The gateway contradicts itself',
    meaning: 'A later signed message says otherwise about an order that was proven.',
  },
  refunded_by_cancel: {
    severity: 'page',
    title: 'A cancel gave money back',
    meaning: 'The order was paid when it was revoked, so the gateway refunded the payer.',
  },
  unclosable: {
    severity: 'page',
    title: 'An order cannot be closed',
    meaning: 'The gateway gave no definite answer for as long as we try; a person must look.',
  },
  late_payment: {
    severity: 'page',
    title: 'Money after closing',
    meaning: 'A payment arrived for an order that was proven unpaid and closed.',
  },
  duplicate_payment: {
    severity: 'page',
    title: 'Paid twice',
    meaning: 'The gateway reports a second payment under the number of a paid order.',
  },
  closing_stuck: {
    severity: 'ticket',
    title: 'Closing takes long',
    meaning: 'The gateway does not say definitely whether the order is unpaid; it is asked on.',
  },
  refund_stuck: {
    severity: 'ticket',
    title: 'A refund does not settle',
    meaning: 'The gateway has not said for a long time whether the refund succeeded.',
  },
  refund_mismatch: {
    severity: 'page',
    title: 'A refund is not as asked',
    meaning: 'The gateway reports another amount for a refund than was asked for.',
  },
  external_sale: {
    severity: 'ticket',
    title: 'Sales we never started',
    meaning: 'A terminal sells without this service; its payments belong to no order of ours.',
  },
  unknown_order: {
    severity: 'page',
    title: 'Payment for an unknown order',
    meaning: 'The gateway signed a payment under a number that we never gave.',
  },
  unknown_refund: {
    severity: 'page',
    title: 'A refund we never made',
    meaning: 'The gateway reports a refund or a void that was not made here.',
  },
  callbacks_silent: {
    severity: 'page',
    title: 'Callbacks have gone silent',
    meaning: 'Payments are learnt by asking that callbacks used to tell; payers wait longer.',
  },
  order_stuck: {
    severity: 'page',
    title: 'An order does not move',
    meaning: 'The next step of the order is long overdue although the sweep has woken it.',
  },
  signature_failures: {
    severity: 'page',
    title: 'Many callbacks are refused',
    meaning: 'Callbacks arrive with signatures that do not verify: a new key, or a forger.',
  },
  gateway_trouble: {
    severity: 'page',
    title: 'The gateway does not answer',
    meaning: 'Most calls to the gateway end without an answer that can be believed.',
  },
  drift: {
    severity: 'ticket',
    title: 'Orders had lost their driver',
    meaning: 'The sweep brought back orders whose workflow was gone or far behind.',
  },
  no_worker: {
    severity: 'page',
    title: 'No worker is running',
    meaning: 'Nobody takes the work of the orders: they are not checked and not settled.',
  },
  no_sweep: {
    severity: 'page',
    title: 'The sweep does not end',
    meaning:
      'Nothing brings in what falls by the way: lost runs, waiting callbacks, the watch itself.',
  },
};

/** During a rolling deploy, or after one was taken back, records hold kinds that this version does not know. */
const UNKNOWN_KIND: AnomalyGuide = {
  severity: 'page',
  title: 'Anomaly of an unknown kind',
  meaning: 'Another version of the service raised it, and this one cannot tell what it means.',
};

/** What a stored anomaly means, also one that another version raised. */
export function anomalyGuide(kind: AnomalyKind): AnomalyGuide {
  return Object.hasOwn(ANOMALY_GUIDES, kind) ? ANOMALY_GUIDES[kind] : UNKNOWN_KIND;
}

/** Path of the kind's runbook on the API's server; of all runbooks for a kind that another version raised. */
export function runbookPath(kind: AnomalyKind): string {
  return Object.hasOwn(ANOMALY_GUIDES, kind)
    ? `/docs/runbooks/${runbookName(kind)}`
    : '/docs/runbooks/';
}

/** File name of the kind's runbook, without its ending. */
export function runbookName(kind: AnomalyKind): string {
  return kind.replaceAll('_', '-');
}
