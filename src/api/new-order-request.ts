import type { Config } from '../config/config.js';
import { denserChecks } from '../domain/denser-checks.js';
import { DomainError } from '../domain/errors.js';
import type { NewOrder } from '../domain/new-order.js';
import { canonicalHash } from '../store/canonical-hash.js';
import { generatedNumber } from '../store/generated-number.js';
import type { CreateOrderBody } from './order-schemas.js';
import { invalid } from './parse-request.js';

/**
 * A checked request body as an order to be made: the number decided and the defaults filled in.
 * The content hash covers what was asked, not the defaults and not the denser checks: a changed configuration, or
 * callbacks that have gone silent or come back, make no conflict.
 * @param options.areCallbacksSilent the order is asked about more often, also by checks of the merchant's own
 * @throws {DomainError} `idempotency_required` without a number and a key, `validation_failed` for checks that would
 * never close the order
 */
export function newOrderRequest(
  body: CreateOrderBody,
  options: {
    readonly idempotencyKey: string | undefined;
    readonly config: Config;
    readonly areCallbacksSilent?: boolean;
  },
): NewOrder {
  const { idempotencyKey, config } = options;
  const { merchantNo } = config.codepay;
  const { merchantOrderNo, ...content } = body;
  const checks = checksFor(body, config.checks);
  if (merchantOrderNo === undefined && idempotencyKey === undefined) {
    throw new DomainError(
      'idempotency_required',
      'Give merchantOrderNo in the body or an Idempotency-Key header.',
    );
  }
  return {
    merchantNo,
    merchantOrderNo: merchantOrderNo ?? generatedNumber('O', merchantNo, idempotencyKey ?? ''),
    channel: body.channel,
    amount: body.amount,
    currency: body.currency,
    description: body.description ?? null,
    redirectUrl: body.redirectUrl ?? null,
    terminalSn: body.terminalSn ?? null,
    metadata: body.metadata ?? {},
    contentHash: canonicalHash(content),
    checks: options.areCallbacksSilent === true ? denserChecks(checks) : checks,
    policy: config.policy,
  };
}

function checksFor({ checks }: CreateOrderBody, defaults: Config['checks']): NewOrder['checks'] {
  const { scheduleMs, intervalMs, limit } = defaults;
  if (checks === undefined) return { strategy: defaults.strategy, scheduleMs, intervalMs, limit };
  if (checks.strategy === 'progressive') {
    return {
      strategy: 'progressive',
      scheduleMs: checks.schedule ?? scheduleMs,
      intervalMs,
      limit,
    };
  }
  const asked = {
    strategy: 'scheduled' as const,
    scheduleMs,
    intervalMs: checks.interval ?? intervalMs,
    limit: checks.limit ?? limit,
  };
  if (asked.intervalMs * asked.limit > defaults.windowMs) {
    const detail = `interval times limit must be at most ${defaults.windowMs / 1_000}s, the window in which orders are looked at: an order must reach its limit before it leaves the window`;
    throw invalid(
      [{ pointer: '/checks', code: 'out_of_range', detail }],
      'The body of the request is not valid.',
    );
  }
  return asked;
}
