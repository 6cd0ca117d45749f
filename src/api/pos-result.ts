import type { PosResultBody } from './order-schemas.js';

export type PosHint = 'canceled_by_user' | 'success' | 'timeout' | 'unexpected';

const SUCCESS_CODES: ReadonlySet<string> = new Set(['000', '0']);
const TIMEOUT_CODE = '112';

/** The terminal's own mark for "canceled by the operator or customer", or the same in words. */
const CANCELED_MESSAGE =
  /\[K026\]|cancel(?:l?ed)? by (?:the )?(?:user|customer|operator)|user cancel/i;

/**
 * What a terminal's report seems to say: a hint for the log, never a proof. Canceled is told by the message alone,
 * because code 110 stands for every kind of failure.
 * Source: CodePay Register, response codes of the ECR Hub.
 */
export function posHint({ responseCode, responseMsg }: PosResultBody): PosHint {
  if (CANCELED_MESSAGE.test(responseMsg ?? '')) return 'canceled_by_user';
  if (SUCCESS_CODES.has(responseCode)) return 'success';
  return responseCode === TIMEOUT_CODE ? 'timeout' : 'unexpected';
}
