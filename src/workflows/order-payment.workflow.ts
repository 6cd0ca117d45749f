import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { ANSWER_FRESH_MS, type NextStep, nextStep } from '../domain/schedule.js';
import { beginClosing, closeRound } from './order-closing.js';
import { createOrder, payAgain } from './order-creation.js';
import { Waiting } from './order-mailbox.js';
import {
  callbackReceived,
  cancelRequested,
  checkDue,
  type OrderPaymentInput,
  type OrderSummary,
  orderCreated,
  payRequested,
  statusQuery,
  timelineQuery,
  verifyNow,
} from './order-messages.js';
import { OrderRun } from './order-run.js';

/**
 * The life of one order: created, checked on its schedule until the gateway says paid, settled at once by a callback,
 * closed with proof when the schedule is exhausted, watched for late money. It is the only one that decides.
 *
 * Messages only arrive; the loop below acts on them one after another, so a callback, a check and a cancel at the same
 * instant are a queue. A run begins by reading the record and goes on from it, and may end whenever nothing is due:
 * the next message starts it again.
 */
export async function orderPayment(input: OrderPaymentInput): Promise<void> {
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
      if (!run.mailbox.hasMessages) return;
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
  setHandler(checkDue, () => {
    mailbox.isCheckDue = true;
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
    return summary(run) ?? fail('order_not_found');
  });
  setHandler(payRequested, async (request) => {
    const waiting = new Waiting<typeof request, Awaited<ReturnType<typeof payAgain>>>(request);
    mailbox.payRequests.push(waiting);
    return await waiting.settled();
  });
  setHandler(statusQuery, () => summary(run));
  setHandler(timelineQuery, () => run.record.timeline);
}

/** Callbacks first: they are the fastest proof. Then what was asked for, then the questions. */
async function actOnMessages(run: OrderRun): Promise<void> {
  const { mailbox } = run;
  for (let waiting = mailbox.creations.shift(); waiting; waiting = mailbox.creations.shift()) {
    waiting.resolve(await createOrder(run, waiting.request));
  }
  if (run.order === null) {
    refuseMessages(run);
    return;
  }
  await run.takeCallbacks();
  await actOnCancelRequest(run);
  if (mailbox.isQueryWanted) {
    mailbox.isQueryWanted = false;
    await run.askAndDecide('callback');
  }
  await actOnVerifications(run);
  for (let waiting = mailbox.payRequests.shift(); waiting; waiting = mailbox.payRequests.shift()) {
    waiting.resolve(await payAgain(run, waiting.request.actor));
  }
  // Whatever is due is found by the loop; a call to look again needs nothing more.
  mailbox.isCheckDue = false;
}

async function actOnCancelRequest(run: OrderRun): Promise<void> {
  const request = run.mailbox.cancelRequest;
  run.mailbox.cancelRequest = null;
  if (request === null || run.order?.status !== 'pending') return;
  await beginClosing(run, request.requestedBy, request.actor);
}

/** However many wait, the gateway is asked once, and not at all while the last answer is fresh or nothing can change. */
async function actOnVerifications(run: OrderRun): Promise<void> {
  const waiting = run.mailbox.verifications.splice(0);
  if (waiting.length === 0) return;
  if (!run.isSettled && !isAnswerFresh(run)) await run.askAndDecide('verify');
  for (const verification of waiting) verification.resolve();
}

function isAnswerFresh(run: OrderRun): boolean {
  const answeredAt = run.order?.lastAnswer?.at;
  return answeredAt !== undefined && Date.now() - Date.parse(answeredAt) < ANSWER_FRESH_MS;
}

/** Without an order there is nothing to ask, cancel or pay. Callbacks stay in the inbox until the order appears. */
function refuseMessages(run: OrderRun): void {
  const { mailbox } = run;
  for (const waiting of mailbox.verifications.splice(0)) waiting.reject(failure('order_not_found'));
  for (const waiting of mailbox.payRequests.splice(0)) waiting.reject(failure('order_not_found'));
  mailbox.forgetCallbacks();
  mailbox.cancelRequest = null;
  mailbox.isCheckDue = false;
  mailbox.isQueryWanted = false;
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
  }
}

function summary(run: OrderRun): OrderSummary | null {
  const { order } = run;
  if (order === null) return null;
  const step = nextStep(order);
  return {
    status: order.status,
    version: run.record.version,
    checksDone: order.checks.done,
    nextAt: step.do === 'finish' ? null : new Date(step.atMs).toISOString(),
  };
}

function failure(type: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(type, type);
}

function fail(type: string): never {
  throw failure(type);
}
