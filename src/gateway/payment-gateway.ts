import type { CallOutcome, CancelMethod, PaymentFacts, QueryAnswer } from '../domain/evidence.js';
import type { Channel } from '../domain/order.js';
import type { RefundAnswer, RefundMethod } from '../domain/refund.js';

/** What the gateway needs to create an order. Amount in minor units. */
export interface GatewayOrderRequest {
  readonly merchantNo: string;
  readonly merchantOrderNo: string;
  readonly channel: Exclude<Channel, 'pos'>;
  readonly amount: number;
  readonly currency: string;
  readonly description: string | null;
  readonly redirectUrl: string | null;
  readonly terminalSn: string | null;
  /** Seconds after which the gateway takes no money for the order any more. */
  readonly expiresInSeconds: number;
}

export interface GatewayOrderCreation {
  readonly outcome: CallOutcome;
  /** Where the payer pays; only for the hosted channel and only when accepted. */
  readonly paymentUrl: string | null;
  readonly gatewayTransNo: string | null;
  readonly code: string | null;
  readonly detail: string;
}

export interface GatewayOrderKey {
  readonly merchantNo: string;
  readonly merchantOrderNo: string;
}

export interface GatewayCancelRequest extends GatewayOrderKey {
  readonly method: CancelMethod;
  /** Needed for `close`: the terminal the order was pushed to. */
  readonly terminalSn: string | null;
}

export interface GatewayCancellation {
  readonly outcome: CallOutcome;
  readonly code: string | null;
  readonly detail: string;
}

/** What the gateway needs to refund. Amount in minor units; the number is the refund's own and never changes. */
export interface GatewayRefundRequest {
  readonly merchantNo: string;
  readonly refundNo: string;
  readonly method: RefundMethod;
  /** The order that is refunded. */
  readonly merchantOrderNo: string;
  readonly terminalSn: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly reason: string;
}

export interface GatewayRefundKey {
  readonly merchantNo: string;
  readonly refundNo: string;
}

export interface GatewayRefundSubmission {
  /** `accepted` is not refunded yet: refunds settle later. */
  readonly outcome: CallOutcome;
  readonly gatewayTransNo: string | null;
  readonly code: string | null;
  readonly detail: string;
}

/**
 * The gateway, in the words of the domain. Each operation makes one request and never throws for what the gateway or
 * the network did: it classifies the outcome. Retries belong to the caller.
 */
export interface PaymentGateway {
  createOrder(request: GatewayOrderRequest): Promise<GatewayOrderCreation>;
  queryOrder(key: GatewayOrderKey): Promise<QueryAnswer>;
  cancelOrder(request: GatewayCancelRequest): Promise<GatewayCancellation>;
  refundOrder(request: GatewayRefundRequest): Promise<GatewayRefundSubmission>;
  queryRefund(key: GatewayRefundKey): Promise<RefundAnswer>;
}

export type CallbackRefusal =
  | 'malformed_body'
  | 'unsupported_media_type'
  | 'signature_missing'
  | 'signature_invalid'
  | 'app_unknown';

/** What kind of money movement a callback is about, which decides where it is routed. */
export type CallbackSubject = 'order' | 'refund';

export interface VerifiedCallback {
  /** SHA-256 (hex) of the bytes received: the identity of the inbox entry. */
  readonly callbackId: string;
  readonly subject: CallbackSubject;
  /** `null` when a validly signed message says nothing that we understand: stored, acknowledged, wakes a query. */
  readonly facts: PaymentFacts | null;
  /** The number it is about, also when the rest is not understood. */
  readonly merchantOrderNo: string | null;
  readonly terminalSn: string | null;
  /** The message's own time, epoch milliseconds, when it has one. */
  readonly sentAtMs: number | null;
  readonly isStale: boolean;
}

export type CallbackVerification =
  | { readonly verified: true; readonly callback: VerifiedCallback }
  | { readonly verified: false; readonly refusal: CallbackRefusal; readonly detail: string };

/** Verifies a callback over the bytes that were sent, before anything in it is used. Fails closed. */
export interface CallbackVerifier {
  /** @param receivedAtMs epoch milliseconds of arrival, for freshness */
  verify(body: Buffer, contentType: string | undefined, receivedAtMs: number): CallbackVerification;
}

/**
 * Reads a stored callback for a person: field by field as received, the value of a field that may identify a payer
 * masked. `null` when it cannot be read.
 */
export type CallbackFieldReader = (
  body: Buffer,
  contentType: string | undefined,
) => Readonly<Record<string, string>> | null;
