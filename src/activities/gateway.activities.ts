import type {
  CancelEvidence,
  QueryAnswer,
  QueryEvidence,
  QueryReason,
  UnknownCause,
} from '../domain/evidence.js';
import type { RefundAnswer, RefundQueryEvidence, RefundSubmission } from '../domain/refund.js';
import type {
  GatewayCancelRequest,
  GatewayOrderCreation,
  GatewayOrderKey,
  GatewayOrderRequest,
  GatewayRefundKey,
  GatewayRefundRequest,
  PaymentGateway,
} from '../gateway/payment-gateway.js';

/**
 * The age of the `open` that a cancel stands on, by the workers' clocks. The run cannot tell how long an answer was under
 * way to it: it may have waited for Temporal to come back.
 */
const OPEN_AGE_MAX_MS = 20_000;

/** What is told of a call beside its outcome. Nothing of the payer, no amount, no address. */
export interface GatewayCallDetails {
  readonly merchantOrderNo: string | null;
  readonly refundNo: string | null;
  /** Why a query was asked. */
  readonly question: QueryReason | null;
  /** Why the outcome is unknown. */
  readonly cause: UnknownCause | null;
  /** The gateway's own code. */
  readonly code: string | null;
  /** The gateway's number of the exchange, which its support asks for. */
  readonly psn: string | null;
}

/** What became of one call to the gateway, for metrics and log. Never throws. */
export type GatewayCallObserver = (
  operation: 'create' | 'query' | 'cancel' | 'refund' | 'query_refund',
  outcome: string,
  durationMs: number,
  details: GatewayCallDetails,
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
      observeCall('create', creation.outcome, answeredMs - startedMs, detailsOf(request, creation));
      return { ...creation, answeredAt: new Date(answeredMs).toISOString() };
    },

    async queryOrder(
      key: GatewayOrderKey,
      question: Pick<QueryEvidence, 'queryId' | 'reason'>,
    ): Promise<QueryEvidence> {
      const askedMs = now();
      const result: QueryAnswer = await gateway.queryOrder(key);
      const answeredMs = now();
      const asked = { ...key, question: question.reason };
      observeCall('query', result.answer, answeredMs - askedMs, detailsOf(asked, result));
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
      observeCall(
        'refund',
        submission.outcome,
        answeredMs - startedMs,
        detailsOf(request, submission),
      );
      const answeredAt = new Date(answeredMs).toISOString();
      return { ...submission, refundNo: request.refundNo, answeredAt };
    },

    async queryRefund(key: GatewayRefundKey, queryId: string): Promise<RefundQueryEvidence> {
      const askedMs = now();
      const result = await gateway.queryRefund(key);
      const answeredMs = now();
      observeCall('query_refund', result.answer, answeredMs - askedMs, detailsOf(key, result));
      return {
        queryId,
        refundNo: key.refundNo,
        askedAt: new Date(askedMs).toISOString(),
        answeredAt: new Date(answeredMs).toISOString(),
        result,
      };
    },

    /** @param basis the answer that said `open`; a run of the version before does not name it */
    async cancelOrder(
      request: GatewayCancelRequest,
      basis?: { readonly openAnsweredAt: string },
    ): Promise<CancelEvidence> {
      const sentMs = now();
      if (basis !== undefined && sentMs - Date.parse(basis.openAnsweredAt) > OPEN_AGE_MAX_MS) {
        return notCanceled(request, new Date(sentMs).toISOString());
      }
      const cancellation = await gateway.cancelOrder(request);
      const answeredMs = now();
      observeCall(
        'cancel',
        cancellation.outcome,
        answeredMs - sentMs,
        detailsOf(request, cancellation),
      );
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

/** A revoke gives back what was paid since: its basis must not be older than it looks. */
function notCanceled({ method }: GatewayCancelRequest, at: string): CancelEvidence {
  return {
    ...{ source: 'cancel', method, outcome: 'refused', code: null },
    ...{ detail: 'the answer was under way for too long', sentAt: at, answeredAt: at },
  };
}

interface CallSubject {
  readonly merchantOrderNo?: string;
  readonly refundNo?: string;
  readonly question?: QueryReason;
}

type CallResult = QueryAnswer | RefundAnswer | { readonly code: string | null };

/** Each field by name: requests and replies hold more than may be told. */
function detailsOf(subject: CallSubject, result: CallResult): GatewayCallDetails {
  return {
    merchantOrderNo: subject.merchantOrderNo ?? null,
    refundNo: subject.refundNo ?? null,
    question: subject.question ?? null,
    cause: 'cause' in result ? result.cause : null,
    code: 'code' in result ? result.code : null,
    psn: 'reply' in result ? (result.reply.psn ?? null) : null,
  };
}

export type GatewayActivities = ReturnType<typeof createGatewayActivities>;
