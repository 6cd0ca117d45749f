import {
  CancellationScope,
  condition,
  isCancellation,
  patched,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { decide, isRecorded } from '../domain/decide.js';
import type { DecisionContext } from '../domain/decision-context.js';
import type { CallbackEvidence, QueryEvidence, QueryReason } from '../domain/evidence.js';
import type { Order } from '../domain/order.js';
import { isFinal } from '../domain/order-state.js';
import { decideRefundCallback, isAboutRefund } from '../domain/refund-callbacks.js';
import { gatewayQueries, orderRecord, type PRIORITIES } from './activity-options.js';
import { SEARCH_ATTRIBUTE_KEYS, searchAttributes, timerSummary } from './order-display.js';
import { OrderMailbox } from './order-mailbox.js';
import type { OrderPaymentInput } from './order-messages.js';
import { OrderRecord } from './order-record.js';

/** One run of an order's workflow: its record, what has arrived, and the steps that all of them share. */
export class OrderRun {
  readonly key: OrderPaymentInput;
  readonly record: OrderRecord;
  readonly mailbox = new OrderMailbox();
  #questions = 0;
  #timer: { readonly atMs: number; readonly scope: CancellationScope; hasFired: boolean } | null =
    null;

  constructor(key: OrderPaymentInput) {
    this.key = { merchantNo: key.merchantNo, merchantOrderNo: key.merchantOrderNo };
    this.record = new OrderRecord(this.key);
  }

  get order(): Order | null {
    return this.record.order;
  }

  get context(): DecisionContext {
    return {
      sequence: this.record.nextSequence,
      nowMs: Date.now(),
      knows: (rule) => patched(rule),
    };
  }

  /** Names a question, so that its answer is recorded once. */
  nextQueryId(): string {
    this.#questions += 1;
    return `${workflowInfo().runId}/q${this.#questions}`;
  }

  /** Reads the record and the callbacks that wait for this order. A record that has gone back is brought back first. */
  async load(): Promise<void> {
    const { merchantNo, merchantOrderNo } = this.key;
    const loaded = await orderRecord.loadOrder(merchantNo, merchantOrderNo, this.record.stored);
    this.record.adopt(loaded.stored);
    this.#makeSearchable();
    for (const evidence of loaded.waitingCallbacks) this.mailbox.addCallback(evidence);
  }

  /** A run that began without the order, by a callback or the sweep, is found by its status as the others are. */
  #makeSearchable(): void {
    const { order } = this;
    const { typedSearchAttributes } = workflowInfo();
    if (order === null || typedSearchAttributes.get(SEARCH_ATTRIBUTE_KEYS.PaymentStatus)) return;
    if (!patched('searchable-from-its-begin')) return;
    upsertSearchAttributes([
      ...searchAttributes(order),
      { key: SEARCH_ATTRIBUTE_KEYS.PaymentChannel, value: order.channel },
    ]);
  }

  /** Decides on every callback that has arrived. Nothing to do while the order does not exist. */
  async takeCallbacks(): Promise<void> {
    while (this.order !== null) {
      const evidence = this.mailbox.callbacks.shift();
      if (evidence === undefined) return;
      await this.#takeCallback(evidence);
    }
  }

  async #takeCallback(evidence: CallbackEvidence): Promise<void> {
    for (;;) {
      const { order } = this;
      if (order === null) return;
      if (isRecorded(order, evidence)) {
        this.#wakeAgain(order, evidence);
        await orderRecord.settleCallbacks([evidence.callbackId]);
        return;
      }
      if (isAboutRefund(evidence)) {
        if (await this.#takeRefundCallback(order, evidence)) return;
        continue;
      }
      const decision = decide(order, evidence, this.context);
      const isWritten = await this.record.write(decision.drafts, {
        anomalies: decision.anomalies,
        callbackIds: [evidence.callbackId],
      });
      if (!isWritten) continue;
      if (decision.wakesQuery) this.mailbox.isQueryWanted = true;
      return;
    }
  }

  /** A run that died after it had written the callback may not have asked what it was to ask. */
  #wakeAgain(order: Order, evidence: CallbackEvidence): void {
    const refundNo = isAboutRefund(evidence) ? evidence.facts?.merchantOrderNo : null;
    const isOpenRefund = order.refunds.some(
      (refund) => refund.refundNo === refundNo && refund.settledAt === null,
    );
    if (refundNo != null && isOpenRefund) this.mailbox.refundsToAsk.add(refundNo);
    if (!isFinal(order.status) || order.status === 'canceled') this.mailbox.isQueryWanted = true;
  }

  async #takeRefundCallback(order: Order, evidence: CallbackEvidence): Promise<boolean> {
    const { drafts, wakesRefundNo } = decideRefundCallback(order, evidence, this.context);
    const callbackIds = [evidence.callbackId];
    if (!(await this.record.write(drafts, { callbackIds }))) return false;
    if (wakesRefundNo !== null) this.mailbox.refundsToAsk.add(wakesRefundNo);
    return true;
  }

  /** Waits for a call to the gateway while callbacks go on being decided: they take priority. */
  async whileTakingCallbacks<T>(call: Promise<T>): Promise<T> {
    let isDone = false;
    const done = call.finally(() => {
      isDone = true;
    });
    done.catch(() => {
      // Awaited below; without this a failure while a callback is written would count as unhandled.
    });
    while (!isDone) {
      await condition(() => isDone || this.mailbox.callbacks.length > 0);
      if (!isDone) await this.takeCallbacks();
    }
    return await done;
  }

  /** Asks the gateway. A call that could not be made is an answer as well: unknown. */
  async ask(reason: QueryReason): Promise<QueryEvidence> {
    const askedAt = nowIso();
    const queryId = this.nextQueryId();
    try {
      return await this.whileTakingCallbacks(
        gatewayQueries(priorityOf(reason), `is it paid? (${reason})`).queryOrder(this.key, {
          queryId,
          reason,
        }),
      );
    } catch (error) {
      if (isCancellation(error)) throw error;
      return {
        source: 'query',
        queryId,
        reason,
        askedAt,
        answeredAt: nowIso(),
        result: {
          answer: 'unknown',
          cause: 'not_attempted',
          code: null,
          detail: 'the query could not be made',
          reply: {},
        },
      };
    }
  }

  /** Asks, writes the answer down, and does what it decides. */
  async askAndDecide(reason: QueryReason): Promise<QueryEvidence> {
    const evidence = await this.ask(reason);
    for (;;) {
      const { order } = this;
      if (order === null || isRecorded(order, evidence)) return evidence;
      const decision = decide(order, evidence, this.context);
      if (await this.record.write(decision.drafts, { anomalies: decision.anomalies })) {
        return evidence;
      }
    }
  }

  /** Waits until a time or until something arrives. One timer serves all waits for the same time. */
  async waitUntil(atMs: number): Promise<void> {
    if (this.#timer?.atMs !== atMs) this.#startTimer(atMs);
    const timer = this.#timer;
    await condition(() => this.mailbox.hasMessages || timer === null || timer.hasFired);
  }

  stopTimer(): void {
    this.#timer?.scope.cancel();
    this.#timer = null;
  }

  #startTimer(atMs: number): void {
    this.stopTimer();
    const summary = this.order === null ? 'wait' : timerSummary(this.order);
    const scope = new CancellationScope();
    const timer = { atMs, scope, hasFired: false };
    this.#timer = timer;
    scope
      .run(async () => {
        await sleep(Math.max(1, atMs - Date.now()), { summary });
        timer.hasFired = true;
      })
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      });
  }

  /** Nobody needs to wait or ask any more, as far as the payer is concerned. */
  get isSettled(): boolean {
    const { order } = this;
    return order === null || isFinal(order.status) || order.status === 'review';
  }
}

export function nowIso(): string {
  return new Date().toISOString();
}

function priorityOf(reason: QueryReason): keyof typeof PRIORITIES {
  switch (reason) {
    case 'closing':
    case 'after_cancel':
      return 'closing';
    case 'verify':
    case 'pay':
      return 'onDemand';
    default:
      return 'scheduled';
  }
}
