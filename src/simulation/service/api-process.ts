/** An API process: the real functions behind the routes, called as the routes call them. */

import { BackgroundTasks } from '../../api/background-tasks.js';
import { type CallbackReceipt, createCallbackReceiver } from '../../api/callback-receiver.js';
import type { ApiDependencies } from '../../api/dependencies.js';
import { cancelOrder } from '../../api/order-cancel.js';
import { createOrder } from '../../api/order-creation.js';
import { payAgain } from '../../api/order-pay.js';
import { createOrderReader } from '../../api/order-reader.js';
import { refundOrder } from '../../api/order-refund.js';
import { resolveReview } from '../../api/order-review.js';
import { createOrderVerification } from '../../api/order-verification.js';
import type { NewOrder } from '../../domain/new-order.js';
import type { Order } from '../../domain/order.js';
import type { RefundRequest } from '../../domain/refund.js';
import type { ReviewResolution } from '../../domain/review.js';
import { type VerifyAnswer, verifyAnswer } from '../../domain/verify-answer.js';
import type { Stores } from '../../store/stores.js';
import { simulatedVerifier } from '../gateway/signed-message.js';
import { never, type SimulatedProcess } from '../kernel/simulated-process.js';
import { isActive } from '../mutations/active-mutation.js';
import { mutateApiStores, writeBesideTheWorkflow } from '../mutations/mutated-ports.js';
import {
  MERCHANT_NO,
  openSealer,
  processParts,
  type Surroundings,
  silentLogger,
} from './service-parts.js';

const MERCHANT = 'merchant';

export class ApiProcess {
  readonly #process: SimulatedProcess;
  readonly #stores: Stores;
  readonly #dependencies: ApiDependencies;
  readonly #receiver: ReturnType<typeof createCallbackReceiver>;
  readonly #reader: ReturnType<typeof createOrderReader>;
  readonly #verify: ReturnType<typeof createOrderVerification>;

  constructor(process: SimulatedProcess, around: Surroundings) {
    const { stores, messenger, now } = processParts(process, around);
    mutateApiStores(stores, now);
    this.#stores = stores;
    // Of the rest of what an API process has, the functions called here use nothing.
    this.#dependencies = {
      ...stores,
      messenger,
      now,
      config: { codepay: { merchantNo: MERCHANT_NO } },
      verifier: simulatedVerifier,
      sealBody: openSealer.seal,
      logger: silentLogger,
      background: new BackgroundTasks(silentLogger),
    } as unknown as ApiDependencies;
    this.#process = process;
    this.#receiver = createCallbackReceiver(this.#dependencies);
    this.#reader = createOrderReader(stores.orders, MERCHANT_NO);
    this.#verify = createOrderVerification({
      merchantNo: MERCHANT_NO,
      reader: this.#reader,
      messenger,
      now,
      logger: silentLogger,
    });
  }

  get isAlive(): boolean {
    return this.#process.isAlive;
  }

  async receive(body: Buffer): Promise<CallbackReceipt> {
    return await this.#answered(this.#receiver.receive(body, 'application/json'));
  }

  async create(request: NewOrder): Promise<Order> {
    const { refunds, messenger } = this.#dependencies;
    const ports = { reader: this.#reader, refunds, messenger };
    return (await this.#answered(createOrder(request, ports))).order;
  }

  async verify(
    merchantOrderNo: string,
  ): Promise<{ readonly order: Order; readonly answer: VerifyAnswer }> {
    const order = await this.#answered(this.#verify(merchantOrderNo));
    return { order, answer: verifyAnswer(order, this.#dependencies.now()) };
  }

  async payAgain(merchantOrderNo: string): Promise<Order> {
    const { messenger } = this.#dependencies;
    const ports = { reader: this.#reader, messenger };
    return await this.#answered(payAgain(merchantOrderNo, { actor: MERCHANT }, ports));
  }

  async cancel(merchantOrderNo: string): Promise<Order> {
    const { messenger } = this.#dependencies;
    const request = { requestedBy: 'merchant', actor: MERCHANT } as const;
    const ports = { reader: this.#reader, messenger };
    if (isActive('second_writer')) {
      const order = await this.#reader.get(merchantOrderNo);
      await writeBesideTheWorkflow(this.#stores, order);
      return order;
    }
    return await this.#answered(cancelOrder(merchantOrderNo, request, ports));
  }

  async refund(merchantOrderNo: string, request: RefundRequest): Promise<Order> {
    const { refunds, messenger } = this.#dependencies;
    const ports = { reader: this.#reader, refunds, messenger };
    const refunded = this.#answered(refundOrder(merchantOrderNo, request, ports));
    if (isActive('accepted_unsaved')) void refunded.catch(() => {});
    return isActive('accepted_unsaved')
      ? await this.#reader.get(merchantOrderNo)
      : (await refunded).order;
  }

  async resolveReview(merchantOrderNo: string, resolution: ReviewResolution): Promise<Order> {
    const { messenger } = this.#dependencies;
    const ports = { reader: this.#reader, messenger };
    return await this.#answered(resolveReview(merchantOrderNo, resolution, ports));
  }

  async check(merchantOrderNo: string): Promise<void> {
    const key = { merchantNo: MERCHANT_NO, merchantOrderNo };
    const asked = { requestedBy: 'operator', actor: 'operator' } as const;
    await this.#answered(this.#dependencies.messenger.checkDue(key, asked, 3_000));
  }

  async list(): Promise<readonly Order[]> {
    const page = this.#dependencies.orders.list(MERCHANT_NO, {}, { limit: 100 });
    return (await this.#answered(page)).data;
  }

  /** What a process that has died meanwhile would have answered reaches nobody. */
  async #answered<T>(work: Promise<T>): Promise<T> {
    try {
      const value = await work;
      return this.#process.isAlive ? value : await never<T>();
    } catch (error) {
      if (!this.#process.isAlive) return await never<T>();
      throw error;
    }
  }
}
