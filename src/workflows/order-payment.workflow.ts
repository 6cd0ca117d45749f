import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type NextStep, nextStep } from '../domain/schedule.js';
import { actOnMessages, orderNotFound } from './order-actions.js';
import { beginClosing, closeRound } from './order-closing.js';
import type { createOrder, payAgain } from './order-creation.js';
import { Waiting } from './order-mailbox.js';
import {
  type CheckRequest,
  callbackReceived,
  cancelRequested,
  checkDue,
  type OrderPaymentInput,
  type OrderSummary,
  orderCreated,
  payRequested,
  type RefundResult,
  type ReviewResult,
  recordQuery,
  refundRequested,
  reviewResolved,
  statusQuery,
  timelineQuery,
  verifyNow,
} from './order-messages.js';
import { checkDueRefund, refundLateMoney } from './order-refunds.js';
import { OrderRun } from './order-run.js';

/** What a check without words means. */
const SWEEP: CheckRequest = { requestedBy: 'sweep', actor: 'sweep' };

/**
 * The life of one order: created, checked on its schedule until the gateway says paid, settled at once by a callback,
 * closed with proof when the schedule is exhausted, watched for late money. It is the only one that decides.
 *
 * Messages only arrive; the loop below acts on them one after another, so a callback, a check and a cancel at the same
 * instant are a queue. A run begins by reading the record and goes on from it, and may end whenever nothing is due:
 * the next message starts it again.
 *
 * @returns where the order stands, for whoever looks at the run
 */
export async function orderPayment(input: OrderPaymentInput): Promise<OrderSummary | null> {
  const run = new OrderRun(input);
  receiveMessages(run);
  await run.load();
  for (;;) {
    await actOnMessages(run);
    if (run.mailbox.hasMessages) continue;
    const step: NextStep = run.order === null ? { do: 'finish' } : nextStep(run.order);
    if (step.do === 'finish') {
      run.stopTimer();
      await condition(allHandlersFinished);
      if (!run.mailbox.hasMessages) return summary(run);
    } else if (step.atMs > Date.now()) {
      if (workflowInfo().continueAsNewSuggested && allHandlersFinished()) {
        await continueAsNew<typeof orderPayment>(run.key);
      }
      await run.waitUntil(step.atMs);
    } else {
      await perform(run, step.do);
    }
  }
}

function receiveMessages(run: OrderRun): void {
  const { mailbox } = run;
  setHandler(callbackReceived, (evidence) => mailbox.addCallback(evidence));
  setHandler(cancelRequested, (request) => {
    mailbox.cancelRequest ??= request;
  });
  setHandler(checkDue, (request) => {
    mailbox.addCheckRequest(request ?? SWEEP);
  });
  setHandler(orderCreated, async (request) => {
    const waiting = new Waiting<typeof request, Awaited<ReturnType<typeof createOrder>>>(request);
    mailbox.creations.push(waiting);
    return await waiting.settled();
  });
  setHandler(verifyNow, async () => {
    const waiting = new Waiting<void, void>(undefined);
    mailbox.verifications.push(waiting);
    await waiting.settled();
    const verified = summary(run);
    if (verified === null) throw orderNotFound();
    return verified;
  });
  setHandler(payRequested, async (request) => {
    const waiting = new Waiting<typeof request, Awaited<ReturnType<typeof payAgain>>>(request);
    mailbox.payRequests.push(waiting);
    return await waiting.settled();
  });
  setHandler(refundRequested, async (request) => {
    const waiting = new Waiting<typeof request, RefundResult>(request);
    mailbox.refundRequests.push(waiting);
    return await waiting.settled();
  });
  setHandler(reviewResolved, async (resolution) => {
    const waiting = new Waiting<typeof resolution, ReviewResult>(resolution);
    mailbox.reviewResolutions.push(waiting);
    return await waiting.settled();
  });
  setHandler(recordQuery, () => run.record.stored);
  setHandler(statusQuery, () => summary(run));
  setHandler(timelineQuery, () => run.record.timeline);
}

async function perform(run: OrderRun, step: Exclude<NextStep['do'], 'finish'>): Promise<void> {
  switch (step) {
    case 'check':
      await run.askAndDecide('schedule');
      return;
    case 'close':
      if (run.order?.status === 'pending') await beginClosing(run, 'schedule', null);
      else await closeRound(run);
      return;
    case 'watch':
    case 'ask_on':
      await run.askAndDecide('late_watch');
      return;
    case 'refund':
      await checkDueRefund(run);
      return;
    case 'refund_late_money':
      await refundLateMoney(run);
      return;
  }
}

function summary(run: OrderRun): OrderSummary | null {
  const { order } = run;
  if (order === null) return null;
  const step = nextStep(order);
  return {
    status: order.status,
    decidedBy: order.decidedBy?.source ?? null,
    version: run.record.version,
    checksDone: order.checks.done,
    nextAt: step.do === 'finish' ? null : new Date(step.atMs).toISOString(),
  };
}
