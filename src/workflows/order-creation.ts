import { isCancellation } from '@temporalio/workflow';
import type { AuditDraft } from '../domain/audit.js';
import { createdEntry, type NewOrder, newOrder } from '../domain/new-order.js';
import type { Order } from '../domain/order.js';
import type { GatewayOrderCreation } from '../gateway/payment-gateway.js';
import { gatewayCommands } from './activity-options.js';
import type { OrderCreatedResult, PayResult } from './order-messages.js';
import { nowIso, type OrderRun } from './order-run.js';

/** A create call is repeated at most this often in one request, and only after a query allowed it. */
const CREATE_CALLS_MAX = 2;

/** A second click on "pay" this soon after the first is the same click. */
const DOUBLE_CLICK_MS = 3_000;

/** Brings the order into being, or finds what is there under its number. */
export async function createOrder(run: OrderRun, request: NewOrder): Promise<OrderCreatedResult> {
  if (run.order === null) {
    const order = newOrder(request, Date.now());
    const isWritten = await run.record.write([createdEntry(order)]);
    // Written by this very step before its worker died: the gateway was not told yet.
    if (isWritten || run.record.wasWrittenBefore) {
      if (order.gatewayCreation !== 'not_needed') await createAtGateway(run, { isFirst: true });
      return { outcome: 'created' };
    }
  }
  const { order } = run;
  if (order === null || order.contentHash !== request.contentHash) return { outcome: 'conflict' };
  if (isCreationOpen(order)) await createAtGateway(run, { isFirst: false });
  return { outcome: 'existing' };
}

/** The merchant still lacks what creation gives. */
function isCreationOpen(order: Order): boolean {
  if (order.status !== 'pending' || order.gatewayCreation === 'not_needed') return false;
  return order.gatewayCreation !== 'created' || (order.channel === 'hosted' && !order.paymentUrl);
}

/**
 * Pay again under the same number. What CodePay does with a reused number is not documented, so this is the policy:
 * the gateway is asked first; a hosted order that is open keeps its address, any other unpaid one is created again
 * under its number. The till starts a terminal sale itself.
 */
export async function payAgain(run: OrderRun, actor: string): Promise<PayResult> {
  const { order } = run;
  if (order === null || !isPayable(order)) return { outcome: 'not_payable' };
  const isDoubleClick =
    order.lastAnswer?.reason === 'pay' &&
    Date.now() - Date.parse(order.attemptStartedAt) < DOUBLE_CLICK_MS;
  if (isDoubleClick) return { outcome: 'payable' };
  const { result } = await run.askAndDecide('pay');
  const asked = run.order;
  if (asked === null || !isPayable(asked)) return { outcome: 'not_payable' };
  if (result.answer === 'unknown' && asked.channel !== 'pos') return { outcome: 'unknown' };
  // Money is on its way for this number already.
  if (result.answer === 'paying') return { outcome: 'not_payable' };
  await run.record.write([payRequestedEntry(actor)]);
  const keepsAddress = result.answer === 'open' && asked.paymentUrl !== null;
  if (asked.channel === 'pos' || keepsAddress) return { outcome: 'payable' };
  const isCreated = await callCreate(run);
  return { outcome: isCreated ? 'payable' : 'unknown' };
}

function isPayable(order: Order): boolean {
  return order.status === 'pending' && Date.parse(order.expiresAt) > Date.now();
}

function payRequestedEntry(actor: string): AuditDraft {
  const at = nowIso();
  return {
    kind: 'create',
    event: 'pay.requested',
    at,
    summary: 'Payment was asked for again under the same number.',
    data: { actor },
    changes: { attemptStartedAt: at, lastAttempt: null },
  };
}

/** A create call whose outcome is unknown is never repeated blindly: the gateway is asked in between. */
async function createAtGateway(
  run: OrderRun,
  { isFirst }: { readonly isFirst: boolean },
): Promise<void> {
  let mayCall = isFirst || (await isCreateAllowed(run));
  for (let calls = 0; mayCall && calls < CREATE_CALLS_MAX; calls += 1) {
    if (await callCreate(run)) return;
    mayCall = await isCreateAllowed(run);
  }
}

/** Only where the gateway says that it knows nothing of the order, or that it is open and we lack its address. */
async function isCreateAllowed(run: OrderRun): Promise<boolean> {
  const { result } = await run.askAndDecide('create');
  const { order } = run;
  if (order === null || !isPayable(order)) return false;
  if (result.answer === 'not_found') return true;
  return result.answer === 'open' && order.channel === 'hosted' && order.paymentUrl === null;
}

/** @returns whether the gateway accepted */
async function callCreate(run: OrderRun): Promise<boolean> {
  const { order } = run;
  if (order === null || order.channel === 'pos' || !isPayable(order)) return false;
  const remainingMs = Date.parse(order.expiresAt) - Date.now();
  const request = {
    merchantNo: order.merchantNo,
    merchantOrderNo: order.merchantOrderNo,
    channel: order.channel,
    amount: order.amount,
    currency: order.currency,
    description: order.description,
    redirectUrl: order.redirectUrl,
    terminalSn: order.terminalSn,
    expiresInSeconds: Math.max(1, Math.floor(remainingMs / 1_000)),
  };
  let creation: GatewayOrderCreation & { readonly answeredAt: string };
  try {
    creation = await run.whileTakingCallbacks(
      gatewayCommands('create at the gateway').createOrder(request),
    );
  } catch (error) {
    if (isCancellation(error)) throw error;
    creation = {
      outcome: 'unknown',
      paymentUrl: null,
      gatewayTransNo: null,
      code: null,
      detail: 'the call ended without an answer',
      answeredAt: nowIso(),
    };
  }
  await run.record.writeOnLatest((latest) => creationEntry(latest, creation));
  return creation.outcome === 'accepted';
}

function creationEntry(
  order: Order,
  creation: GatewayOrderCreation & { readonly answeredAt: string },
): AuditDraft {
  const sentences = {
    accepted: 'The gateway accepted the order.',
    refused: 'The gateway answered the creation with an error.',
    unknown: 'The outcome of the creation is not known: the gateway will be asked.',
  } as const;
  const isAccepted = creation.outcome === 'accepted';
  return {
    kind: 'create',
    event: 'create.answered',
    at: creation.answeredAt,
    summary: sentences[creation.outcome],
    data: { outcome: creation.outcome, code: creation.code, detail: creation.detail },
    changes: {
      gatewayCreation: isAccepted ? 'created' : order.gatewayCreation,
      paymentUrl: creation.paymentUrl ?? order.paymentUrl,
      gatewayTransNo: order.gatewayTransNo ?? creation.gatewayTransNo,
      ...(isAccepted
        ? {}
        : {
            lastAttempt: {
              result: 'unknown' as const,
              code: creation.code,
              at: creation.answeredAt,
            },
          }),
    },
  };
}
