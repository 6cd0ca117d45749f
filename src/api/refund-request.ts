import { DomainError } from '../domain/errors.js';
import type { RefundRequest } from '../domain/refund.js';
import { canonicalHash } from '../store/canonical-hash.js';
import { generatedNumber } from '../store/generated-number.js';
import type { CreateRefundBody } from './refund-schemas.js';

/**
 * A checked request body as a refund to be made. The content hash covers the order and what was asked, not who asked:
 * a colleague may repeat the call.
 * @throws {DomainError} `idempotency_required` without a number and a key
 */
export function newRefundRequest(
  body: CreateRefundBody,
  asked: {
    readonly merchantNo: string;
    readonly merchantOrderNo: string;
    readonly idempotencyKey: string | undefined;
    readonly requestedBy: string;
  },
): RefundRequest {
  const { merchantNo, merchantOrderNo, idempotencyKey, requestedBy } = asked;
  const { reason, method } = body;
  if (body.refundNo === undefined && idempotencyKey === undefined) {
    throw new DomainError(
      'idempotency_required',
      'Give refundNo in the body or an Idempotency-Key header.',
    );
  }
  const amount = body.amount ?? null;
  return {
    refundNo: body.refundNo ?? generatedNumber('R', merchantNo, idempotencyKey ?? ''),
    amount,
    reason,
    method,
    requestedBy,
    contentHash: canonicalHash({ merchantOrderNo, amount, reason, method }),
  };
}
