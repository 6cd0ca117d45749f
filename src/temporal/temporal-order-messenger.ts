import { setTimeout } from 'node:timers/promises';
import {
  type Client,
  WithStartWorkflowOperation,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import { TypedSearchAttributes } from '@temporalio/common';
import type { NewOrder } from '../domain/new-order.js';
import type { deliverCallback } from '../workflows/deliver-callback.workflow.js';
import { RUN_DETAILS, SEARCH_ATTRIBUTE_KEYS, staticSummary } from '../workflows/order-display.js';
import {
  callbackReceived,
  cancelRequested,
  checkDue,
  ORDER_WORKFLOW_TYPE,
  type OrderPaymentInput,
  orderCreated,
  orderWorkflowId,
  payRequested,
  refundRequested,
  reviewResolved,
  verifyNow,
} from '../workflows/order-messages.js';
import type { orderPayment } from '../workflows/order-payment.workflow.js';
import { isRunEnded, translatedError, withinDeadline } from './messenger-errors.js';
import type { OrderKey, OrderMessenger, SealedCallback } from './order-messenger.js';

/** The server refuses a second start of one id within a moment of the first. */
const NEXT_ATTEMPT_MS = 100;

type StartOptions = Pick<
  WorkflowStartOptions<typeof orderPayment>,
  'staticSummary' | 'typedSearchAttributes'
>;

/** Messages to order workflows through a Temporal client; each starts the workflow when it is not running. */
export class TemporalOrderMessenger implements OrderMessenger {
  readonly #client: Client;
  readonly #taskQueue: string;

  constructor(client: Client, taskQueue: string) {
    this.#client = client;
    this.#taskQueue = taskQueue;
  }

  async createOrder(order: NewOrder, deadlineMs: number) {
    const summary = staticSummary(order);
    return await this.#update(order, orderCreated, [order], deadlineMs, {
      staticSummary: summary,
      typedSearchAttributes: new TypedSearchAttributes([
        ...keyAttributes(order),
        { key: SEARCH_ATTRIBUTE_KEYS.PaymentChannel, value: order.channel },
        { key: SEARCH_ATTRIBUTE_KEYS.PaymentStatus, value: 'pending' },
        { key: SEARCH_ATTRIBUTE_KEYS.CheckCount, value: 0 },
      ]),
    });
  }

  async verifyNow(key: OrderKey, bucket: number, deadlineMs: number) {
    return await this.#update(key, verifyNow, [], deadlineMs, {}, `verify-${bucket}`);
  }

  async payAgain(key: OrderKey, request: { readonly actor: string }, deadlineMs: number) {
    return await this.#update(key, payRequested, [request], deadlineMs);
  }

  async cancel(
    key: OrderKey,
    request: Parameters<OrderMessenger['cancel']>[1],
    deadlineMs: number,
  ) {
    await this.#signal(key, cancelRequested, [request], deadlineMs);
  }

  async callbackReceived(
    key: OrderKey,
    evidence: Parameters<OrderMessenger['callbackReceived']>[1],
    deadlineMs: number,
  ) {
    await this.#signal(key, callbackReceived, [evidence], deadlineMs);
  }

  async refund(
    key: OrderKey,
    request: Parameters<OrderMessenger['refund']>[1],
    deadlineMs: number,
  ) {
    return await this.#update(key, refundRequested, [request], deadlineMs);
  }

  async resolveReview(
    key: OrderKey,
    resolution: Parameters<OrderMessenger['resolveReview']>[1],
    deadlineMs: number,
  ) {
    return await this.#update(key, reviewResolved, [resolution], deadlineMs);
  }

  async checkDue(
    key: OrderKey,
    request: Parameters<OrderMessenger['checkDue']>[1],
    deadlineMs: number,
  ) {
    await this.#signal(key, checkDue, [request], deadlineMs);
  }

  async carryCallback(callback: SealedCallback, deadlineMs: number) {
    await this.#withDeadline(deadlineMs, async () => {
      await this.#client.workflow.start<typeof deliverCallback>('deliverCallback', {
        workflowId: `callback/${callback.callbackId}`,
        taskQueue: this.#taskQueue,
        args: [callback],
        staticSummary: 'a callback that MongoDB could not take',
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      });
    });
  }

  async ping(deadlineMs: number) {
    await this.#withDeadline(deadlineMs, async () => {
      const { namespace } = this.#client.options;
      await this.#client.workflowService.describeNamespace({ namespace });
    });
  }

  async #signal<A extends unknown[]>(
    key: OrderKey,
    signal: SignalDefinition<A>,
    args: A,
    deadlineMs: number,
  ): Promise<void> {
    await this.#withDeadline(deadlineMs, async () => {
      // The options' type depends on the arguments' number, which is not known here.
      await this.#client.workflow.signalWithStart<typeof orderPayment, [unknown]>(
        ORDER_WORKFLOW_TYPE,
        {
          ...this.#startOptions(key),
          signal: signal as SignalDefinition<unknown[]> as SignalDefinition<[unknown]>,
          signalArgs: args as unknown as [unknown],
        },
      );
    });
  }

  async #update<R, A extends unknown[]>(
    key: OrderKey,
    update: UpdateDefinition<R, A>,
    args: A,
    deadlineMs: number,
    start: StartOptions = {},
    updateId?: string,
  ): Promise<R> {
    return await this.#withDeadline(deadlineMs, async (endMs) => {
      for (let attempt = 1; ; attempt += 1) {
        const startWorkflowOperation = new WithStartWorkflowOperation<typeof orderPayment>(
          ORDER_WORKFLOW_TYPE,
          { ...this.#startOptions(key), ...start },
        );
        try {
          return await this.#client.workflow.executeUpdateWithStart(update, {
            args,
            startWorkflowOperation,
            // A run that ended may hold the id: an attempt after it is a question of its own.
            ...(updateId === undefined ? {} : { updateId: attemptId(updateId, attempt) }),
          });
        } catch (error) {
          if (!isRunEnded(error) || Date.now() >= endMs) throw error;
          await setTimeout(NEXT_ATTEMPT_MS);
        }
      }
    });
  }

  #startOptions(key: OrderKey) {
    return {
      workflowId: orderWorkflowId(key.merchantNo, key.merchantOrderNo),
      taskQueue: this.#taskQueue,
      args: [keyOf(key)] as [OrderPaymentInput],
      workflowIdConflictPolicy: 'USE_EXISTING' as const,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
      staticSummary: key.merchantOrderNo,
      staticDetails: RUN_DETAILS,
      typedSearchAttributes: new TypedSearchAttributes(keyAttributes(key)),
    };
  }

  /** The deadline bounds every call inside, its retries included. */
  async #withDeadline<R>(deadlineMs: number, call: (endMs: number) => Promise<R>): Promise<R> {
    const endMs = Date.now() + deadlineMs;
    try {
      // The client's own deadline may be overrun while the server cannot be reached.
      return await withinDeadline(
        this.#client.withDeadline(endMs, async () => await call(endMs)),
        deadlineMs,
      );
    } catch (error) {
      throw translatedError(error, Date.now() >= endMs);
    }
  }
}

function keyOf({ merchantNo, merchantOrderNo }: OrderKey): OrderPaymentInput {
  return { merchantNo, merchantOrderNo };
}

function keyAttributes(key: OrderKey) {
  return [
    { key: SEARCH_ATTRIBUTE_KEYS.MerchantOrderNo, value: key.merchantOrderNo },
    { key: SEARCH_ATTRIBUTE_KEYS.MerchantNo, value: key.merchantNo },
  ];
}

function attemptId(updateId: string, attempt: number): string {
  return attempt === 1 ? updateId : `${updateId}-${attempt}`;
}
