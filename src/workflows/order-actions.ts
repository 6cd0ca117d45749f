/** What the main loop does about messages, one after another. */
import { ApplicationFailure } from '@temporalio/workflow';
import type { AuditDraft } from '../domain/audit.js';
import type { Order } from '../domain/order.js';
import { type ReviewResolution, resolveReview } from '../domain/review.js';
import { ANSWER_FRESH_MS, isScheduledCheckDue, nextStep } from '../domain/schedule.js';
import { beginClosing } from './order-closing.js';
import { createOrder, payAgain } from './order-creation.js';
import type { CheckRequest, ReviewResult } from './order-messages.js';
import { checkRefund, requestRefund } from './order-refunds.js';
import { nowIso, type OrderRun } from './order-run.js';

/** Timers may be late by this much without anything being wrong. */
const OVERDUE_MS = 5_000;

export function orderNotFound(): ApplicationFailure {
  return ApplicationFailure.nonRetryable('there is no such order', 'order_not_found');
}

/** Callbacks first: they are the fastest proof. Then what was asked for, then the questions. */
export async function actOnMessages(run: OrderRun): Promise<void> {
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
  await actOnRefundMessages(run);
  for (
    let waiting = mailbox.reviewResolutions.shift();
    waiting;
    waiting = mailbox.reviewResolutions.shift()
  ) {
    waiting.resolve(await actOnReview(run, waiting.request));
  }
  for (let check = mailbox.checkRequests.shift(); check; check = mailbox.checkRequests.shift()) {
    await actOnCheckRequest(run, check);
  }
}

async function actOnRefundMessages(run: OrderRun): Promise<void> {
  const { mailbox } = run;
  for (
    let waiting = mailbox.refundRequests.shift();
    waiting;
    waiting = mailbox.refundRequests.shift()
  ) {
    waiting.resolve(await requestRefund(run, waiting.request));
  }
  for (const refundNo of mailbox.refundsToAsk) {
    mailbox.refundsToAsk.delete(refundNo);
    await checkRefund(run, refundNo);
  }
}

async function actOnReview(run: OrderRun, resolution: ReviewResolution): Promise<ReviewResult> {
  for (;;) {
    const drafts = run.order === null ? null : resolveReview(run.order, resolution, run.context);
    if (drafts === null) return { outcome: 'not_in_review' };
    if (await run.record.write(drafts)) return { outcome: 'resolved' };
  }
}

/** Whatever is due is found by the loop; some callers want the gateway to be asked as well. */
async function actOnCheckRequest(run: OrderRun, check: CheckRequest): Promise<void> {
  switch (check.requestedBy) {
    case 'operator':
      await run.record.write([checkEntry(run.order, check, `${check.actor} asked for a check.`)]);
      await run.askAndDecide('check_due');
      return;
    case 'drift':
      await run.askAndDecide('drift');
      return;
    case 'scheduled_task':
      if (run.order !== null && isScheduledCheckDue(run.order, Date.now())) {
        await run.askAndDecide('schedule');
      }
      return;
    case 'sweep': {
      // A repair is in the audit; a call that came while the order moved on by itself is none.
      const step = run.order === null ? null : nextStep(run.order);
      if (step !== null && step.do !== 'finish' && Date.now() - step.atMs > OVERDUE_MS) {
        await run.record.write([
          checkEntry(run.order, check, 'The sweep found the order overdue.'),
        ]);
      }
    }
  }
}

function checkEntry(order: Order | null, check: CheckRequest, summary: string): AuditDraft {
  return {
    kind: 'operator',
    event: check.requestedBy === 'sweep' ? 'order.woken' : 'check.requested',
    at: nowIso(),
    summary,
    data: { requestedBy: check.requestedBy, actor: check.actor, status: order?.status ?? null },
    changes: {},
  };
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
  for (const waiting of mailbox.verifications.splice(0)) waiting.reject(orderNotFound());
  for (const waiting of mailbox.payRequests.splice(0)) waiting.reject(orderNotFound());
  mailbox.forgetCallbacks();
  mailbox.cancelRequest = null;
  for (const waiting of mailbox.refundRequests.splice(0)) waiting.reject(orderNotFound());
  for (const waiting of mailbox.reviewResolutions.splice(0)) waiting.reject(orderNotFound());
  mailbox.checkRequests.splice(0);
  mailbox.refundsToAsk.clear();
  mailbox.isQueryWanted = false;
}
