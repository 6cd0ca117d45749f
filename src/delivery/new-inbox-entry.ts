import type { VerifiedCallback } from '../gateway/payment-gateway.js';
import type { NewInboxEntry } from '../store/callback-store.js';

/**
 * The inbox entry of a verified callback. It is filed under our own merchant: the signature names the sender, and a
 * message of another merchant's about one of our numbers must reach the order to be seen.
 */
export function newInboxEntry(
  callback: VerifiedCallback,
  arrival: {
    readonly merchantNo: string;
    readonly sealedBody: string;
    readonly contentType: string | null;
    readonly receivedAt: string;
  },
): NewInboxEntry {
  return {
    callbackId: callback.callbackId,
    subject: callback.subject,
    merchantNo: arrival.merchantNo,
    merchantOrderNo: callback.merchantOrderNo,
    terminalSn: callback.terminalSn,
    facts: callback.facts,
    isStale: callback.isStale,
    sealedBody: arrival.sealedBody,
    contentType: arrival.contentType,
    receivedAt: arrival.receivedAt,
  };
}
