import type { CancelMethod, QueryAnswer } from '../../src/domain/evidence.js';
import type { RefundAnswer } from '../../src/domain/refund.js';
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
} from '../../src/gateway/payment-gateway.js';

/** What the gateway does with one order. `call` counts from 1. */
export interface GatewayScript {
  readonly create?: (call: number) => GatewayOrderCreation | Promise<GatewayOrderCreation>;
  readonly query?: (call: number) => QueryAnswer | Promise<QueryAnswer>;
  readonly refund?: (
    call: number,
    request: GatewayRefundRequest,
  ) => GatewayRefundSubmission | Promise<GatewayRefundSubmission>;
  readonly cancel?: (
    call: number,
    method: CancelMethod,
  ) => GatewayCancellation | Promise<GatewayCancellation>;
}

export interface GatewayCall {
  readonly operation: 'create' | 'query' | 'cancel' | 'refund';
  readonly detail: string | null;
}

export const ACCEPTED: GatewayCancellation = { outcome: 'accepted', code: '0', detail: 'ok' };
export const REFUSED: GatewayCancellation = { outcome: 'refused', code: 'E1', detail: 'refused' };
export const NO_ANSWER: GatewayCancellation = { outcome: 'unknown', code: null, detail: 'timeout' };

export function created(outcome: GatewayCancellation = ACCEPTED): GatewayOrderCreation {
  const isAccepted = outcome.outcome === 'accepted';
  return {
    ...outcome,
    paymentUrl: isAccepted ? 'https://pay.example/p/1' : null,
    gatewayTransNo: null,
  };
}

/** The gateway at its edge, scripted per order number; everything on our side of it is real. */
export class ScriptedGateway implements PaymentGateway {
  readonly #scripts = new Map<string, GatewayScript>();
  readonly #refundScripts = new Map<string, () => RefundAnswer | Promise<RefundAnswer>>();
  readonly #calls = new Map<string, GatewayCall[]>();

  script(merchantOrderNo: string, script: GatewayScript): void {
    this.#scripts.set(merchantOrderNo, script);
  }

  calls(merchantOrderNo: string): readonly GatewayCall[] {
    return this.#calls.get(merchantOrderNo) ?? [];
  }

  operations(merchantOrderNo: string): readonly string[] {
    return this.calls(merchantOrderNo).map(({ operation, detail }) =>
      detail === null ? operation : `${operation}:${detail}`,
    );
  }

  async createOrder(request: GatewayOrderRequest): Promise<GatewayOrderCreation> {
    const call = this.#note(request, 'create', null);
    return (await this.#scriptOf(request).create?.(call)) ?? created();
  }

  async queryOrder(key: GatewayOrderKey): Promise<QueryAnswer> {
    const call = this.#note(key, 'query', null);
    const answer = await this.#scriptOf(key).query?.(call);
    return (
      answer ?? { answer: 'unknown', cause: 'timeout', code: null, detail: 'no script', reply: {} }
    );
  }

  async refundOrder(request: GatewayRefundRequest): Promise<GatewayRefundSubmission> {
    const call = this.#note(request, 'refund', request.refundNo);
    const submission = await this.#scriptOf(request).refund?.(call, request);
    return submission ?? { ...ACCEPTED, gatewayTransNo: null };
  }

  async queryRefund(key: GatewayRefundKey): Promise<RefundAnswer> {
    const answer = await this.#refundScripts.get(key.refundNo)?.();
    return answer ?? { answer: 'unknown', code: null, detail: 'no script', reply: {} };
  }

  /** What the gateway answers about one refund. */
  scriptRefund(refundNo: string, answer: () => RefundAnswer | Promise<RefundAnswer>): void {
    this.#refundScripts.set(refundNo, answer);
  }

  async cancelOrder(request: GatewayCancelRequest): Promise<GatewayCancellation> {
    const call = this.#note(request, 'cancel', request.method);
    return (await this.#scriptOf(request).cancel?.(call, request.method)) ?? ACCEPTED;
  }

  #scriptOf(key: GatewayOrderKey): GatewayScript {
    return this.#scripts.get(key.merchantOrderNo) ?? {};
  }

  #note(key: GatewayOrderKey, operation: GatewayCall['operation'], detail: string | null): number {
    const calls = this.#calls.get(key.merchantOrderNo) ?? [];
    calls.push({ operation, detail });
    this.#calls.set(key.merchantOrderNo, calls);
    return calls.filter((call) => call.operation === operation).length;
  }
}
