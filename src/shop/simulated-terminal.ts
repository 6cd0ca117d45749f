/** The till's terminal, and what is staged for developers: the simulator's control API stands in for hardware. */
import { z } from 'zod';
import { DomainError } from '../domain/errors.js';
import type {
  PayerAct,
  SaleAnswer,
  ShopScenario,
  TerminalReport,
  TerminalResult,
} from './shop-contract.js';

const REQUEST_TIMEOUT_MS = 5_000;

/** What a developer may choose for an order; the simulator's page has all of them. */
export const SCENARIOS: readonly ShopScenario[] = [
  { name: 'paid_after', label: 'Paid after 3 seconds' },
  { name: 'callback_lost', label: 'Paid after 3 seconds, the callback is lost' },
  { name: 'callback_late', label: 'Paid after 3 seconds, the callback comes 20 s later' },
  { name: 'declined', label: 'The card is declined after 3 seconds' },
  { name: 'never_paid', label: 'Nobody pays' },
  { name: 'paying_long', label: 'In progress for a minute, then paid' },
  { name: 'query_timeout', label: 'Paid; the gateway is slow to say so' },
  { name: 'create_timeout_but_created', label: 'The order is created, the answer is lost' },
];

const controlledOrderSchema = z.object({
  posResult: z.object({ responseCode: z.string(), responseMsg: z.string() }),
});

export interface PosSale {
  readonly merchantOrderNo: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly terminalSn: string;
}

export interface SimulatedTerminal {
  stage(merchantOrderNo: string, scenario: string): Promise<void>;
  /** What the payer does with an order that waits at a terminal. @throws {DomainError} `unavailable` */
  act(merchantOrderNo: string, payer: PayerAct): Promise<void>;
  /** Starts a sale and lets the payer act. @returns what the till hears of it, as chosen */
  sell(sale: PosSale, payer: PayerAct, report: TerminalReport): Promise<SaleAnswer>;
}

/** @param simulatorUrl such as `http://127.0.0.1:3100` */
export function createSimulatedTerminal(simulatorUrl: string): SimulatedTerminal {
  const control = async (method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> => {
    try {
      const response = await fetch(`${simulatorUrl}/control${path}`, {
        method,
        headers: { 'Content-Type': 'application/json' },
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
      });
      if (!response.ok) throw new Error(`the simulator answered ${response.status}`);
      return await response.json();
    } catch (error) {
      throw new DomainError('unavailable', 'The terminal does not answer.', { cause: error });
    }
  };
  const act = async (merchantOrderNo: string, payer: PayerAct): Promise<void> => {
    const path = `/orders/${encodeURIComponent(merchantOrderNo)}`;
    if (payer === 'pays') await control('POST', `${path}/pay`);
    if (payer === 'cancels') await control('POST', `${path}/decline`, { by: 'user' });
    if (payer === 'is_declined') await control('POST', `${path}/decline`, { by: 'issuer' });
  };
  return {
    act,
    stage: async (merchantOrderNo, scenario) => {
      await control('POST', `/orders/${encodeURIComponent(merchantOrderNo)}/scenario`, {
        scenario,
      });
    },
    sell: async ({ amountMinor, ...sale }, payer, report) => {
      await control('POST', '/pos-sales', { ...sale, amount: amountMinor });
      await act(sale.merchantOrderNo, payer);
      const path = `/orders/${encodeURIComponent(sale.merchantOrderNo)}`;
      const { posResult } = controlledOrderSchema.parse(await control('GET', path));
      return { result: REPORTS[report](posResult) };
    },
  };
}

/** Source: CodePay Register, response_code: 000 success, 110 failed ([K026] by the user), 112 no result in time. */
const REPORTS: Readonly<Record<TerminalReport, (truth: TerminalResult) => TerminalResult | null>> =
  {
    as_it_was: (truth) => truth,
    success: () => ({ responseCode: '000', responseMsg: 'success' }),
    canceled: () => ({ responseCode: '110', responseMsg: '[K026] canceled by user' }),
    error: () => ({ responseCode: '110', responseMsg: '[E001] terminal error' }),
    timeout: () => ({ responseCode: '112', responseMsg: 'timeout' }),
    garbage: () => ({ responseCode: '�{"?', responseMsg: '<html>502</html>', bizData: [null, 7] }),
    no_answer: () => null,
  };
