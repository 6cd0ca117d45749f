import type { CancelEvidence, QueryAnswer, QueryEvidence } from '../domain/evidence.js';
import type { RefundQueryEvidence, RefundSubmission } from '../domain/refund.js';
import type {
  GatewayCancelRequest,
  GatewayOrderCreation,
  GatewayOrderKey,
  GatewayOrderRequest,
  GatewayRefundKey,
  GatewayRefundRequest,
  PaymentGateway,
} from '../gateway/payment-gateway.js';

/** What became of one call to the gateway, for the metrics. */
export type GatewayCallObserver = (
  operation: 'create' | 'query' | 'cancel' | 'refund' | 'query_refund',
  outcome: string,
  durationMs: number,
) => void;

export interface GatewayActivityDependencies {
  readonly gateway: PaymentGateway;
  readonly now: () => number;
  readonly observeCall: GatewayCallObserver;
}

/**
 * Calls to the gateway. Each makes one request and returns what became of it, times included; nothing the gateway or
 * the network does makes them fail. They run on their own task queue, which is rate limited.
 *
 * Over 50 lines because it is the list of all of them; each is short.
 */
export function createGatewayActivities({
  gateway,
  now,
  observeCall,
}: GatewayActivityDependencies) {
  return {
    async createOrder(
      request: GatewayOrderRequest,
    ): Promise<GatewayOrderCreation & { readonly answeredAt: string }> {
      const startedMs = now();
      const creation = await gateway.createOrder(request);
      const answeredMs = now();
      observeCall('create', creation.outcome, answeredMs - startedMs);
      return { ...creation, answeredAt: new Date(answeredMs).toISOString() };
    },

    async queryOrder(
      key: GatewayOrderKey,
      question: Pick<QueryEvidence, 'queryId' | 'reason'>,
    ): Promise<QueryEvidence> {
      const askedMs = now();
      const result: QueryAnswer = await gateway.queryOrder(key);
      const answeredMs = now();
      observeCall('query', result.answer, answeredMs - askedMs);
      return {
        source: 'query',
        ...question,
        askedAt: new Date(askedMs).toISOString(),
        answeredAt: new Date(answeredMs).toISOString(),
        result,
      };
    },

    async refundOrder(request: GatewayRefundRequest): Promise<RefundSubmission> {
      const startedMs = now();
      const submission = await gateway.refundOrder(request);
      const answeredMs = now();
      observeCall('refund', submission.outcome, answeredMs - startedMs);
      const answeredAt = new Date(answeredMs).toISOString();
      return { ...submission, refundNo: request.refundNo, answeredAt };
    },

    async queryRefund(key: GatewayRefundKey, queryId: string): Promise<RefundQueryEvidence> {
      const askedMs = now();
      const result = await gateway.queryRefund(key);
      const answeredMs = now();
      observeCall('query_refund', result.answer, answeredMs - askedMs);
      return {
        queryId,
        refundNo: key.refundNo,
        askedAt: new Date(askedMs).toISOString(),
        answeredAt: new Date(answeredMs).toISOString(),
        result,
      };
    },

    async cancelOrder(request: GatewayCancelRequest): Promise<CancelEvidence> {
      const sentMs = now();
      const cancellation = await gateway.cancelOrder(request);
      const answeredMs = now();
      observeCall('cancel', cancellation.outcome, answeredMs - sentMs);
      return {
        source: 'cancel',
        method: request.method,
        ...cancellation,
        sentAt: new Date(sentMs).toISOString(),
        answeredAt: new Date(answeredMs).toISOString(),
      };
    },
  };
}

export type GatewayActivities = ReturnType<typeof createGatewayActivities>;
