import type { OrderAnswer } from '../../../api/answer-schemas.js';
import type { AnomalyAnswer } from '../../../api/operator-schemas.js';
import type { RefundAnswer } from '../../../api/refund-answer-schemas.js';
import type { AuditEntry } from '../../../domain/audit.js';
import type { Explanation } from '../../../domain/explain.js';
import type { ConsoleApi } from '../data/console-api.js';

/** All that the order's page shows, read together. */
export interface OrderView {
  readonly order: OrderAnswer;
  readonly explanation: Explanation;
  /** Oldest first. */
  readonly audit: readonly AuditEntry[];
  readonly refunds: readonly RefundAnswer[];
  /** Open ones of this order. */
  readonly anomalies: readonly AnomalyAnswer[];
}

/** @throws {ConsoleProblem} `order_not_found`, or when one of the answers does not come */
export async function readOrderView(api: ConsoleApi, no: string): Promise<OrderView> {
  const [order, explanation, audit, refunds, anomalies] = await Promise.all([
    api.order(no),
    api.explanation(no),
    api.audit(no),
    api.refunds(no),
    api.openAnomaliesOf(no),
  ]);
  return { order, explanation, audit, refunds, anomalies };
}
