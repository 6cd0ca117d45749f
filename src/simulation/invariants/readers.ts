/** Checked at every answer that a reader gets. */
import type { Order } from '../../domain/order.js';
import { isPaid } from '../../domain/order-state.js';
import type { VerifyAnswer } from '../../domain/verify-answer.js';
import type { EvidenceLedger } from '../gateway/evidence-ledger.js';
import type { Findings } from './findings.js';

export class ReaderChecks {
  readonly #findings: Findings;
  readonly #ledger: EvidenceLedger;
  readonly #nowMs: () => number;
  /** When a reader was first told that an order is paid. */
  readonly #paidSinceMs = new Map<string, number>();

  constructor(findings: Findings, ledger: EvidenceLedger, nowMs: () => number) {
    this.#findings = findings;
    this.#ledger = ledger;
    this.#nowMs = nowMs;
  }

  /** @param askedAtMs when the reader asked: what was told meanwhile may be later */
  shown(order: Order, askedAtMs: number): void {
    const { merchantOrderNo, status } = order;
    const sinceMs = this.#paidSinceMs.get(merchantOrderNo);
    if (isPaid(status) || status === 'refunded') {
      if (sinceMs === undefined) this.#paidSinceMs.set(merchantOrderNo, this.#nowMs());
      return;
    }
    if (sinceMs !== undefined && sinceMs < askedAtMs) {
      this.#findings.violated('paid_is_shown_as_paid', `${merchantOrderNo} is shown as ${status}`);
    }
  }

  verified(order: Order, answer: VerifyAnswer, askedAtMs: number): void {
    this.shown(order, askedAtMs);
    if (answer.paid !== isPaid(order.status)) {
      const detail = `${order.merchantOrderNo} is ${order.status}, the payer is told ${answer.paid}`;
      this.#findings.violated('paid_is_shown_as_paid', detail);
    }
    if (answer.nextAction !== 'pay_again') return;
    const said = this.#ledger.ofQuestion(order.lastAnswer?.queryId ?? '');
    const isInvited = said?.answer === 'closed' && (!said.wasPaid || said.isLie);
    if (!isInvited) {
      const detail = `${order.merchantOrderNo}: pay again on ${said?.answer ?? 'no answer at all'}`;
      this.#findings.violated('never_invites_a_second_payment', detail);
    }
  }
}
