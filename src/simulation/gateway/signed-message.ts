/** Callbacks on the wire of the simulation: JSON that counts as signed when it says so. */
import { createHash } from 'node:crypto';
import type { PaymentFacts } from '../../domain/evidence.js';
import type {
  CallbackSubject,
  CallbackVerification,
  CallbackVerifier,
} from '../../gateway/payment-gateway.js';

/** As in the CodePay client: an older message decides nothing by itself. */
const STALE_AFTER_MS = 5 * 60_000;

export interface SignedMessage {
  readonly sentAtMs: number;
  readonly subject: CallbackSubject;
  readonly number: string;
  readonly facts: PaymentFacts | null;
  /** Tells two messages with the same content apart. */
  readonly seal: number;
}

export function bytesOf(message: SignedMessage): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/** The identity of a callback: SHA-256 (hex) of its bytes. */
export function callbackIdOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

export const simulatedVerifier: CallbackVerifier = {
  verify(body, _contentType, receivedAtMs): CallbackVerification {
    const { sentAtMs, subject, number, facts } = JSON.parse(body.toString()) as SignedMessage;
    return {
      verified: true,
      callback: {
        callbackId: callbackIdOf(body),
        subject,
        facts,
        merchantOrderNo: number,
        terminalSn: null,
        sentAtMs,
        isStale: receivedAtMs - sentAtMs > STALE_AFTER_MS,
      },
    };
  },
};
