/** The payment service as a merchant's back end uses it: over HTTP, with an API key. */
import { z } from 'zod';
import { DomainError } from '../domain/errors.js';
import { type CHANNELS, ORDER_STATUSES } from '../domain/order.js';
import { NEXT_ACTIONS } from '../domain/payer-words.js';

/** Longer than the service waits for the gateway (8 s). */
const REQUEST_TIMEOUT_MS = 12_000;

const paymentOrderSchema = z.object({
  merchantOrderNo: z.string(),
  status: z.enum(ORDER_STATUSES),
  paidAmount: z.int(),
  refundedAmount: z.int(),
  gatewayTransNo: z.string().nullable(),
  paymentUrl: z.string().nullable(),
  verifyToken: z.string(),
  paidAt: z.string().nullable(),
});

/** The fields of the service's order that the shop uses. Amounts are minor units. */
export type PaymentOrder = z.output<typeof paymentOrderSchema>;

const verifyAnswerSchema = z.object({ nextAction: z.enum(NEXT_ACTIONS) });

const auditSchema = z.object({
  data: z.array(
    z.object({
      kind: z.string(),
      event: z.string(),
      data: z.object({ answer: z.string().optional() }),
    }),
  ),
});

/** Nothing but "over, unpaid" was answered since the try before ended, and then payment was asked for again. */
function isAskedAgainAfterItsEnd(audit: z.output<typeof auditSchema>['data']): boolean {
  const askedAt = audit.findLastIndex(({ event }) => event === 'pay.requested');
  const isAnswer = ({ kind }: { readonly kind: string }) => kind === 'query';
  const before = audit.slice(0, Math.max(askedAt, 0)).findLast(isAnswer);
  const answers = [before, ...audit.slice(askedAt + 1).filter(isAnswer)];
  return answers.every((entry) => entry?.data.answer === 'closed');
}

export interface NewPaymentOrder {
  readonly merchantOrderNo: string;
  readonly channel: (typeof CHANNELS)[number];
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly description: string;
  readonly redirectUrl?: string;
  readonly terminalSn?: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface PaymentService {
  /** The same number with the same content is the same order, however often. @throws {DomainError} `unavailable` */
  create(order: NewPaymentOrder): Promise<PaymentOrder>;
  /** @returns `null` when the service has no such order. @throws {DomainError} `unavailable` */
  find(merchantOrderNo: string): Promise<PaymentOrder | null>;
  /**
   * Whether the try before is over unpaid, as the gateway said: just now, or before payment was asked for again. Every
   * doubt is a no.
   */
  isPayableAgain(merchantOrderNo: string): Promise<boolean>;
}

/** @param url where the service listens, such as `http://127.0.0.1:3000` */
export function createPaymentService(url: string, apiKey: string): PaymentService {
  const call = async (method: 'GET' | 'POST', path: string, body?: object): Promise<Response> => {
    try {
      return await fetch(`${url}/v1/orders${path}`, {
        method,
        headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw noAnswer(error);
    }
  };
  const numbered = (merchantOrderNo: string) => `/${encodeURIComponent(merchantOrderNo)}`;
  return {
    create: async (order) => await orderOf(await call('POST', '', order)),
    find: async (merchantOrderNo) => {
      const response = await call('GET', numbered(merchantOrderNo));
      return response.status === 404 ? null : await orderOf(response);
    },
    isPayableAgain: async (merchantOrderNo) => {
      const verified = await call('GET', `${numbered(merchantOrderNo)}/verify`);
      const verdict = verifyAnswerSchema.safeParse(await verified.json().catch(() => null));
      if (!verified.ok || !verdict.success) return false;
      if (verdict.data.nextAction !== 'keep_polling')
        return verdict.data.nextAction === 'pay_again';
      const audited = await call('GET', `${numbered(merchantOrderNo)}/audit`);
      const audit = auditSchema.safeParse(await audited.json().catch(() => null));
      return audited.ok && audit.success && isAskedAgainAfterItsEnd(audit.data.data);
    },
  };
}

async function orderOf(response: Response): Promise<PaymentOrder> {
  const answer = paymentOrderSchema.safeParse(await response.json().catch(() => null));
  if (response.ok && answer.success) return answer.data;
  throw noAnswer(new Error(`the service answered ${response.status}`));
}

function noAnswer(cause: unknown): DomainError {
  return new DomainError(
    'unavailable',
    'The payment service does not answer. Your order is kept; please do not order again.',
    { cause },
  );
}
