/** What a terminal's own report seems to say: a hint, never a proof. Pure. */

/** The terminal's own mark for "canceled by the operator or customer", or the same in words. */
const CANCELED_MESSAGE =
  /\[K026\]|cancel(?:l?ed)? by (?:the )?(?:user|customer|operator)|user cancel/i;

/**
 * Told by the message alone, because code 110 stands for every kind of failure.
 * Source: CodePay Register, response codes of the ECR Hub.
 */
export function saysCanceledByUser(responseMsg: string | undefined): boolean {
  return CANCELED_MESSAGE.test(responseMsg ?? '');
}
