/** Brings the gateway's messages to the service until they are acknowledged: late, twice, reordered, or not at all. */
import type { CallbackReceipt } from '../../api/callback-receiver.js';
import type { Faults } from '../kernel/faults.js';
import type { Outages } from '../kernel/outages.js';
import type { Timeline } from '../kernel/timeline.js';
import type { EvidenceLedger } from './evidence-ledger.js';
import type { MessageToSend } from './gateway-world.js';
import { bytesOf, callbackIdOf, type SignedMessage } from './signed-message.js';

/** Pauses before each further try. Source: CodePay callback notification notes, shortened. */
const RETRY_PAUSES_MS = [5_000, 15_000, 60_000, 180_000, 300_000, 600_000];
const ACKNOWLEDGED_WITHIN_MS = 5_000;
const LATE_MS_MAX = 6 * 60_000;
const REPEAT_MS_MAX = 60_000;
const USUAL_MS_MAX = 800;

/** Where callbacks are taken: whichever API process is there. */
export type CallbackTarget = (body: Buffer) => Promise<CallbackReceipt>;

export class CallbackSender {
  readonly #timeline: Timeline;
  readonly #faults: Faults;
  readonly #outages: Outages;
  readonly #ledger: EvidenceLedger;
  readonly #target: CallbackTarget;
  /** Ids of callbacks that the service has acknowledged, with the number each is about. */
  readonly acknowledged = new Map<string, string>();
  /** Those of them that Temporal alone has, as far as the service has said. */
  readonly carried = new Set<string>();
  /** Messages that will still be sent. */
  waiting = 0;
  #seals = 0;

  constructor(parts: {
    readonly timeline: Timeline;
    readonly faults: Faults;
    readonly outages: Outages;
    readonly ledger: EvidenceLedger;
    readonly target: CallbackTarget;
  }) {
    this.#timeline = parts.timeline;
    this.#faults = parts.faults;
    this.#outages = parts.outages;
    this.#ledger = parts.ledger;
    this.#target = parts.target;
  }

  send(message: MessageToSend): void {
    const place = message.number;
    const isLying = this.#faults.strikes('callback.lie_amount', place);
    const isForeign = this.#faults.strikes('callback.other_merchant', place);
    const isOpaque = this.#faults.strikes('callback.not_understood', place);
    const facts = {
      ...message.facts,
      ...(isLying ? { amount: (message.facts.amount ?? 0) + 100 } : {}),
      ...(isForeign ? { merchantNo: 'another-merchant' } : {}),
    };
    const content = { ...message, facts: isOpaque ? null : facts };
    const signed = this.#sealed(content, isLying || isForeign);
    this.#later(content, signed, 0);
    if (this.#faults.strikes('callback.repeated', place)) {
      const delayMs = this.#faults.delayMs('callback.repeated', 1, REPEAT_MS_MAX);
      this.#timeline.after(delayMs, () => void this.#deliver(signed, message.number));
    }
  }

  /** @param tries that were made before */
  #later(
    content: Omit<MessageToSend, 'facts'> & { facts: unknown },
    body: Buffer,
    tries: number,
  ): void {
    const faults = this.#faults;
    const isLate = faults.strikes('callback.late', content.number);
    const lateMs = isLate ? faults.delayMs('callback.late', 1_000, LATE_MS_MAX) : 0;
    const delayMs = lateMs + faults.delayMs('callback', 20, USUAL_MS_MAX);
    this.waiting += 1;
    this.#timeline.after(delayMs, () => {
      void this.#deliver(body, content.number).then((isAcknowledged) => {
        this.waiting -= 1;
        const pauseMs = RETRY_PAUSES_MS[tries];
        if (isAcknowledged || pauseMs === undefined) return;
        this.waiting += 1;
        this.#timeline.after(pauseMs, () => {
          this.waiting -= 1;
          const isResealed = faults.strikes('callback.resealed', content.number);
          const next = isResealed ? this.#resealed(body) : body;
          this.#later(content, next, tries + 1);
        });
      });
    });
  }

  async #deliver(body: Buffer, number: string): Promise<boolean> {
    const isLost = this.#outages.isDown('gateway') || this.#faults.strikes('callback.lost', number);
    const answer = isLost ? Promise.resolve(false) : this.#answer(body, number);
    const deadline = new Promise<boolean>((resolve) => {
      this.#timeline.after(ACKNOWLEDGED_WITHIN_MS, () => resolve(false));
    });
    const isAnswered = isLost ? await deadline : await Promise.race([answer, deadline]);
    return isAnswered && !this.#faults.strikes('callback.ack_lost', number);
  }

  async #answer(body: Buffer, number: string): Promise<boolean> {
    try {
      const receipt = await this.#target(body);
      const callbackId = callbackIdOf(body);
      this.acknowledged.set(callbackId, number);
      if (receipt === 'carried') this.carried.add(callbackId);
      return true;
    } catch {
      return false;
    }
  }

  /** MongoDB was away and then all of Temporal was lost: nobody can know of what only it carried. */
  forgetCarried(): void {
    for (const callbackId of this.carried) this.acknowledged.delete(callbackId);
    this.carried.clear();
  }

  #sealed(message: Omit<MessageToSend, 'facts'> & { facts: unknown }, isLie: boolean): Buffer {
    this.#seals += 1;
    const { subject, number, merchantOrderNo, wasPaid } = message;
    const facts = message.facts as SignedMessage['facts'];
    const sentAtMs = this.#timeline.nowMs;
    const body = bytesOf({ sentAtMs, subject, number, facts, seal: this.#seals });
    this.#ledger.add({
      id: callbackIdOf(body),
      merchantOrderNo,
      source: 'callback',
      answer: facts?.state ?? 'unknown',
      madeAtMs: sentAtMs,
      wasPaid,
      isLie,
    });
    return body;
  }

  /** The same message signed anew: other bytes, and another time of its own. */
  #resealed(body: Buffer): Buffer {
    const message = JSON.parse(body.toString()) as SignedMessage;
    const before = this.#ledger.get(callbackIdOf(body));
    this.#seals += 1;
    const again = bytesOf({ ...message, sentAtMs: this.#timeline.nowMs, seal: this.#seals });
    if (before !== null) this.#ledger.add({ ...before, id: callbackIdOf(again) });
    return again;
  }
}
