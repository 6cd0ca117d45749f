/** The gateway as one worker process sees it: calls and answers that may be late, lost, doubtful or untrue. */
import type { PaymentFacts, QueryAnswer } from '../../domain/evidence.js';
import type { RefundAnswer } from '../../domain/refund.js';
import type {
  GatewayCancellation,
  GatewayCancelRequest,
  GatewayOrderCreation,
  GatewayOrderKey,
  GatewayOrderRequest,
  GatewayRefundKey,
  GatewayRefundRequest,
  GatewayRefundSubmission,
  PaymentGateway,
} from '../../gateway/payment-gateway.js';
import type { Faults } from '../kernel/faults.js';
import type { Outages } from '../kernel/outages.js';
import { never, type SimulatedProcess } from '../kernel/simulated-process.js';
import type { Timeline } from '../kernel/timeline.js';
import { answered, isHonestlyPaid } from './answers.js';
import type { EvidenceLedger } from './evidence-ledger.js';
import type { GatewayWorld } from './gateway-world.js';
import { refundFacts } from './payment-truth.js';

/** The real client gives up after this. */
const CALL_TIMEOUT_MS = 10_000;
const USUAL_MS_MAX = 300;
const SLOW_REPLY_MS_MAX = 9_000;
const LATE_REQUEST_MS_MAX = 15_000;
const REPLICA_LAG_MS_MAX = 3_000;

interface GatewayParts {
  readonly timeline: Timeline;
  readonly faults: Faults;
  readonly outages: Outages;
  readonly world: GatewayWorld;
  readonly ledger: EvidenceLedger;
}

type CallEnd = {
  readonly outcome: 'accepted' | 'refused' | 'unknown';
  readonly code: string | null;
};

export class SimulatedGateway implements PaymentGateway {
  readonly #process: SimulatedProcess;
  readonly #parts: GatewayParts;

  constructor(process: SimulatedProcess, parts: GatewayParts) {
    this.#process = process;
    this.#parts = parts;
  }

  async createOrder(request: GatewayOrderRequest): Promise<GatewayOrderCreation> {
    const { world } = this.#parts;
    const place = `create/${request.merchantOrderNo}`;
    const { outcome, code } = await this.#tell(place, () => world.create(request));
    const isHosted = request.channel === 'hosted';
    const paymentUrl =
      outcome === 'accepted' && isHosted ? `https://pay.test/${request.merchantOrderNo}` : null;
    return { outcome, code, paymentUrl, gatewayTransNo: null, detail: outcome };
  }

  async cancelOrder(request: GatewayCancelRequest): Promise<GatewayCancellation> {
    const { world, timeline } = this.#parts;
    const sentAtMs = timeline.nowMs;
    const { merchantOrderNo, method } = request;
    const end = await this.#tell(`cancel/${merchantOrderNo}`, () =>
      world.cancel(merchantOrderNo, method, sentAtMs),
    );
    return { ...end, detail: end.outcome };
  }

  async refundOrder(request: GatewayRefundRequest): Promise<GatewayRefundSubmission> {
    const { world } = this.#parts;
    const end = await this.#tell(`refund/${request.refundNo}`, () => world.refund(request));
    return { ...end, gatewayTransNo: null, detail: end.outcome };
  }

  async queryOrder({ merchantOrderNo }: GatewayOrderKey): Promise<QueryAnswer> {
    const { world, faults, timeline } = this.#parts;
    const place = `query/${merchantOrderNo}`;
    const truth = world.truth(merchantOrderNo);
    return await this.#ask(place, (evidence) => {
      const lagMs = faults.strikes('gateway.old_replica', place)
        ? faults.delayMs('gateway.old_replica', 1, REPLICA_LAG_MS_MAX)
        : 0;
      const madeAtMs = timeline.nowMs - lagMs;
      const { answer, isLie } = answered(truth, { madeAtMs, place, faults, evidence });
      this.#parts.ledger.add({
        id: evidence,
        merchantOrderNo,
        source: 'query',
        answer: answer.answer,
        madeAtMs,
        wasPaid: isHonestlyPaid(truth, madeAtMs),
        isLie,
      });
      if (answer.answer === 'open') world.toldOpen(merchantOrderNo);
      return answer;
    });
  }

  async queryRefund({ refundNo }: GatewayRefundKey): Promise<RefundAnswer> {
    const { world, faults, timeline, ledger } = this.#parts;
    const place = `refund_query/${refundNo}`;
    const answer = await this.#ask<RefundAnswer>(place, (evidence) => {
      const lagMs = faults.strikes('gateway.old_replica', place)
        ? faults.delayMs('gateway.old_replica', 1, REPLICA_LAG_MS_MAX)
        : 0;
      const madeAtMs = timeline.nowMs - lagMs;
      const said = refundAnswer(world, refundNo, madeAtMs, evidence);
      ledger.add({
        id: evidence,
        merchantOrderNo: world.refunds.get(refundNo)?.merchantOrderNo ?? '',
        source: 'refund_query',
        answer: `${refundNo}/${said.answer}`,
        madeAtMs,
        wasPaid: false,
        isLie: false,
      });
      return said;
    });
    return answer;
  }

  /** A call that changes something. @param effect returns whether the gateway took it */
  #tell(place: string, effect: () => boolean): Promise<CallEnd> {
    if (!this.#process.isAlive) return never();
    const { faults, timeline, outages } = this.#parts;
    const unknown: CallEnd = { outcome: 'unknown', code: null };
    const isLost = outages.isDown('gateway') || faults.strikes('gateway.request_lost', place);
    if (isLost) return this.#reply(CALL_TIMEOUT_MS, () => unknown);
    if (faults.strikes('gateway.request_late', place)) {
      const lateMs = faults.delayMs('gateway.request_late', 1_000, LATE_REQUEST_MS_MAX);
      timeline.after(lateMs, () => void effect());
      return this.#reply(CALL_TIMEOUT_MS, () => unknown);
    }
    if (faults.strikes('gateway.error_code', place)) {
      return this.#reply(this.#usualMs(), () => ({ outcome: 'refused', code: 'E500' }));
    }
    const isReplyLost = faults.strikes('gateway.reply_lost', place);
    const isRefused = faults.strikes('gateway.refused_after_effect', place);
    const isUnsigned = faults.strikes('gateway.unsigned', place);
    return new Promise((resolve) => {
      timeline.after(this.#usualMs(), () => {
        const isTaken = effect();
        const end: CallEnd = !isTaken
          ? { outcome: 'refused', code: 'E400' }
          : isRefused
            ? { outcome: 'refused', code: 'E500' }
            : { outcome: 'accepted', code: '0' };
        const isDoubtful = isReplyLost || isUnsigned;
        const replyMs = isReplyLost ? CALL_TIMEOUT_MS : this.#replyMs(place);
        void this.#reply(replyMs, () => (isDoubtful ? unknown : end)).then(resolve);
      });
    });
  }

  /** A question. @param say what the gateway says at the instant at which the question is there */
  #ask<T extends QueryAnswer | RefundAnswer>(
    place: string,
    say: (evidence: string) => T,
  ): Promise<T> {
    if (!this.#process.isAlive) return never();
    const { faults, timeline, outages, ledger } = this.#parts;
    const evidence = ledger.nextId();
    const unknown = (cause: string) =>
      ({
        answer: 'unknown',
        cause,
        code: null,
        detail: cause,
        reply: { evidence },
      }) as unknown as T;
    if (outages.isDown('gateway') || faults.strikes('gateway.request_lost', place)) {
      return this.#reply(CALL_TIMEOUT_MS, () => unknown('timeout'));
    }
    if (faults.strikes('gateway.error_code', place)) {
      return this.#reply(this.#usualMs(), () => unknown('gateway_code'));
    }
    const isReplyLost = faults.strikes('gateway.reply_lost', place);
    const isUnsigned = faults.strikes('gateway.unsigned', place);
    return new Promise((resolve) => {
      timeline.after(this.#usualMs(), () => {
        const answer = say(evidence);
        const replyMs = isReplyLost ? CALL_TIMEOUT_MS : this.#replyMs(place);
        const doubt = isReplyLost ? 'timeout' : isUnsigned ? 'unsigned' : null;
        const reply = () => (doubt === null ? answer : unknown(doubt));
        void this.#reply(replyMs, reply).then(resolve);
      });
    });
  }

  #usualMs(): number {
    return this.#parts.faults.delayMs('gateway', 10, USUAL_MS_MAX);
  }

  #replyMs(place: string): number {
    const { faults } = this.#parts;
    return faults.strikes('gateway.slow_reply', place)
      ? faults.delayMs('gateway.slow_reply', 500, SLOW_REPLY_MS_MAX)
      : this.#usualMs();
  }

  #reply<T>(delayMs: number, value: () => T): Promise<T> {
    return new Promise((resolve) => {
      this.#parts.timeline.after(delayMs, () => {
        if (this.#process.isAlive) resolve(value());
      });
    });
  }
}

function refundAnswer(
  world: GatewayWorld,
  refundNo: string,
  madeAtMs: number,
  evidence: string,
): RefundAnswer {
  const refund = world.refunds.get(refundNo);
  if (refund === undefined || refund.knownSinceMs > madeAtMs) {
    return { answer: 'not_found', code: 'E404', reply: { evidence } };
  }
  const isSettled = refund.settledAtMs !== null && refund.settledAtMs <= madeAtMs;
  const answer = isSettled ? refund.state : 'pending';
  const terms = world.truth(refund.merchantOrderNo)?.terms;
  if (terms === undefined) return { answer: 'not_found', code: 'E404', reply: { evidence } };
  const state: PaymentFacts['state'] =
    answer === 'succeeded' ? 'paid' : answer === 'failed' ? 'closed' : 'paying';
  const facts = refundFacts(terms, refundNo, { amount: refund.amount, state });
  return { answer, facts, reply: { evidence } };
}
