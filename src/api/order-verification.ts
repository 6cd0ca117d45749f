import type { Logger } from 'pino';
import { DomainError } from '../domain/errors.js';
import type { Order } from '../domain/order.js';
import { isFinal } from '../domain/order-state.js';
import { ANSWER_FRESH_MS } from '../domain/schedule.js';
import type { OrderMessenger } from '../temporal/order-messenger.js';
import { withDeadline } from './deadline.js';
import type { OrderReader } from './order-reader.js';
import { VerdictUnavailable } from './problem.js';

/** How long a verify call waits for the gateway; afterwards the record answers. */
const VERIFY_DEADLINE_MS = 3_000;

export interface VerificationPorts {
  readonly merchantNo: string;
  readonly reader: OrderReader;
  readonly messenger: Pick<OrderMessenger, 'verifyNow'>;
  readonly now: () => number;
  readonly logger: Logger;
}

/** @throws {DomainError} `order_not_found`; {@link VerdictUnavailable} when the record does not answer */
export type OrderVerification = (merchantOrderNo: string) => Promise<Order>;

/**
 * Answers from the record, after asking the gateway when the record's last answer is older than two seconds. However
 * many pages ask, one question at a time goes out per order and process, and per two seconds over all processes.
 */
export function createOrderVerification(ports: VerificationPorts): OrderVerification {
  const { reader, messenger, now, logger, merchantNo } = ports;
  const asking = new Map<string, Promise<void>>();

  const ask = async (merchantOrderNo: string): Promise<void> => {
    const bucket = Math.floor(now() / ANSWER_FRESH_MS);
    try {
      const answer = messenger.verifyNow(
        { merchantNo, merchantOrderNo },
        bucket,
        VERIFY_DEADLINE_MS,
      );
      await withDeadline(answer, VERIFY_DEADLINE_MS, 'the order');
    } catch (error) {
      // Whatever went wrong, the record answers. A callback or a check may have told it more meanwhile.
      logger.warn({ merchantOrderNo, event: 'verify.unanswered', err: error }, 'not verified');
    }
  };

  const askOnce = async (merchantOrderNo: string): Promise<void> => {
    const running = asking.get(merchantOrderNo);
    if (running !== undefined) return await running;
    const question = ask(merchantOrderNo).finally(() => asking.delete(merchantOrderNo));
    asking.set(merchantOrderNo, question);
    await question;
  };

  return async (merchantOrderNo) => {
    const order = await verdict(reader.get(merchantOrderNo));
    // In review a person decides: no answer of the gateway would change what the payer is told.
    const isSettled = isFinal(order.status) || order.status === 'review';
    if (isSettled || isFresh(order, now())) return order;
    await askOnce(merchantOrderNo);
    return await verdict(reader.get(merchantOrderNo));
  };
}

function isFresh(order: Order, nowMs: number): boolean {
  return order.lastAnswer !== null && nowMs - Date.parse(order.lastAnswer.at) < ANSWER_FRESH_MS;
}

async function verdict(reading: Promise<Order>): Promise<Order> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'unavailable') {
      throw new VerdictUnavailable(error);
    }
    throw error;
  }
}
