import { type SimulatedOrder, statusWord } from './simulator-order.js';

/** What the till gets back from the terminal application. Source: CodePay Register, response_code. */
export interface PosResult {
  readonly responseCode: string;
  readonly responseMsg: string;
}

/** Source: CodePay Register, response_code: 000 success, 110 failed ([K026] by the user), 112 no result in time. */
export function posResult(order: SimulatedOrder): PosResult {
  switch (statusWord(order)) {
    case 'paid':
      return { responseCode: '000', responseMsg: 'success' };
    case 'closed':
    case 'canceled': {
      const failure = order.failure ?? { code: 'E000', message: 'closed' };
      return { responseCode: '110', responseMsg: `[${failure.code}] ${failure.message}` };
    }
    default:
      return { responseCode: '112', responseMsg: 'timeout' };
  }
}
