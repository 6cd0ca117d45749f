/** The merchant, payers and operators of a seed: they do what the plan says, and repeat what was not answered. */
import { DomainError } from '../../domain/errors.js';
import type { Order } from '../../domain/order.js';
import { canonicalHash } from '../../store/canonical-hash.js';
import type { GatewayWorld } from '../gateway/gateway-world.js';
import { heldPayments } from '../gateway/payment-truth.js';
import type { ReaderChecks } from '../invariants/readers.js';
import type { Timeline } from '../kernel/timeline.js';
import type { ActionPlan } from '../plan/action-plan.js';
import type { OrderPlan } from '../plan/simulation-plan.js';
import type { ApiProcess } from '../service/api-process.js';
import type { Fleet } from '../service/fleet.js';

/** A caller gives up after this and calls again. */
const CALL_TIMEOUT_MS = 15_000;
const REPEAT_MS = 3_000;

type Trace = (text: string) => void;

export class People {
  readonly #parts: {
    readonly timeline: Timeline;
    readonly fleet: Fleet;
    readonly world: GatewayWorld;
    readonly readers: ReaderChecks;
    readonly trace: Trace;
  };
  readonly acceptedOrders = new Set<string>();
  /** By refund number, the order's number. */
  readonly acceptedRefunds = new Map<string, string>();
  /** Calls that are repeated until they are answered. */
  unanswered = 0;

  constructor(parts: {
    readonly timeline: Timeline;
    readonly fleet: Fleet;
    readonly world: GatewayWorld;
    readonly readers: ReaderChecks;
    readonly trace: Trace;
  }) {
    this.#parts = parts;
  }

  /** @param startMs when the seed begins (epoch ms) */
  follow(plan: OrderPlan, startMs: number): void {
    const { timeline } = this.#parts;
    const { merchantOrderNo } = plan.request;
    timeline.at(startMs + plan.createdAfterMs, () => {
      this.#untilAnswered(`create ${merchantOrderNo}`, async (api) => {
        await api.create(plan.request);
        this.acceptedOrders.add(merchantOrderNo);
      });
    });
    for (const action of plan.actions) {
      timeline.at(startMs + action.afterMs, () => this.#act(plan, action));
    }
  }

  #act(plan: OrderPlan, action: ActionPlan): void {
    const { merchantOrderNo, channel } = plan.request;
    const { world, readers, timeline } = this.#parts;
    switch (action.do) {
      case 'pay':
        this.#parts.trace(`payer pays ${merchantOrderNo}`);
        if (action.waitsForQuestion) {
          world.payAfterNextQuestion(merchantOrderNo, { ...action, isTill: channel === 'pos' });
          return;
        }
        world.pay(merchantOrderNo, { ...action, isTill: channel === 'pos' });
        return;
      case 'poll':
        this.#poll(merchantOrderNo, action.times, action.everyMs);
        return;
      case 'pay_again':
        this.#once(`pay again ${merchantOrderNo}`, (api) => api.payAgain(merchantOrderNo));
        return;
      case 'cancel':
        this.#once(`cancel ${merchantOrderNo}`, (api) => api.cancel(merchantOrderNo));
        return;
      case 'check':
        this.#once(`check ${merchantOrderNo}`, (api) => api.check(merchantOrderNo));
        return;
      case 'list': {
        const askedAtMs = timeline.nowMs;
        this.#once('list', async (api) => {
          for (const order of await api.list()) readers.shown(order, askedAtMs);
        });
        return;
      }
      case 'review':
        this.#once(`review ${merchantOrderNo}`, (api) => this.#review(api, merchantOrderNo));
        return;
      case 'refund':
        this.#refund(merchantOrderNo, action);
        return;
    }
  }

  #poll(merchantOrderNo: string, times: number, everyMs: number): void {
    const { timeline, readers } = this.#parts;
    if (times === 0) return;
    const askedAtMs = timeline.nowMs;
    this.#once(`verify ${merchantOrderNo}`, async (api) => {
      const { order, answer } = await api.verify(merchantOrderNo);
      readers.verified(order, answer, askedAtMs);
      this.#parts.trace(`payer is told ${order.status}, ${answer.nextAction}`);
    });
    timeline.after(everyMs, () => this.#poll(merchantOrderNo, times - 1, everyMs));
  }

  #refund(merchantOrderNo: string, action: ActionPlan & { readonly do: 'refund' }): void {
    const { refundNo, amount, method } = action;
    const request = {
      refundNo,
      amount,
      method,
      reason: 'returned',
      requestedBy: 'merchant',
      contentHash: canonicalHash({ amount, method }),
    } as const;
    this.#untilAnswered(`refund ${refundNo}`, async (api) => {
      await api.refund(merchantOrderNo, request);
      this.acceptedRefunds.set(refundNo, merchantOrderNo);
    });
  }

  /** A person looks at the gateway's own console, and decides by what is so. */
  async #review(api: ApiProcess, merchantOrderNo: string): Promise<Order> {
    const state = this.#parts.world.truth(merchantOrderNo)?.now;
    const isHeld = state !== undefined && heldPayments(state).length > 0;
    const wasPaid = (state?.payments.length ?? 0) > 0;
    const to = isHeld ? 'paid' : wasPaid ? 'refunded' : 'canceling';
    const resolution = { to, reason: 'looked at it', actor: 'operator' } as const;
    return await api.resolveReview(merchantOrderNo, resolution);
  }

  #once(what: string, call: (api: ApiProcess) => Promise<unknown>): void {
    void this.#call(what, call);
  }

  #untilAnswered(what: string, call: (api: ApiProcess) => Promise<unknown>): void {
    this.unanswered += 1;
    const attempt = async (): Promise<void> => {
      const outcome = await this.#call(what, call);
      if (outcome === 'answered') {
        this.unanswered -= 1;
        return;
      }
      this.#parts.timeline.after(REPEAT_MS, () => void attempt());
    };
    void attempt();
  }

  /** @returns `unavailable` when the same call may be made again */
  async #call(
    what: string,
    call: (api: ApiProcess) => Promise<unknown>,
  ): Promise<'answered' | 'unavailable'> {
    const { fleet, timeline, trace } = this.#parts;
    const api = fleet.api();
    if (api === null) return 'unavailable';
    const timeout = new Promise<'timeout'>((resolve) => {
      timeline.after(CALL_TIMEOUT_MS, () => resolve('timeout'));
    });
    try {
      const outcome = await Promise.race([call(api), timeout]);
      trace(`${what}: ${outcome === 'timeout' ? 'no answer' : 'answered'}`);
      return outcome === 'timeout' ? 'unavailable' : 'answered';
    } catch (error) {
      const code = error instanceof DomainError ? error.code : null;
      trace(`${what}: ${code ?? String(error)}`);
      return code === null || code === 'unavailable' ? 'unavailable' : 'answered';
    }
  }
}
