import { saysCanceledByUser } from '../domain/pos-result.js';
import type { PosResultBody } from './order-schemas.js';

export type PosHint = 'canceled_by_user' | 'success' | 'timeout' | 'unexpected';

const SUCCESS_CODES: ReadonlySet<string> = new Set(['000', '0']);
const TIMEOUT_CODE = '112';

/**
 * What a terminal's report seems to say: a hint for the log, never a proof. Canceled is told by the message alone,
 * because code 110 stands for every kind of failure.
 * Source: CodePay Register, response codes of the ECR Hub.
 */
export function posHint({ responseCode, responseMsg }: PosResultBody): PosHint {
  if (saysCanceledByUser(responseMsg)) return 'canceled_by_user';
  if (SUCCESS_CODES.has(responseCode)) return 'success';
  return responseCode === TIMEOUT_CODE ? 'timeout' : 'unexpected';
}
