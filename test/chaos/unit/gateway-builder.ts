/** The journal of a gateway at which an order was paid and a part of it refunded. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayHistory } from '../../../src/chaos/gateway-history.js';
import type { Order } from '../../../src/domain/order.js';
import { TRANS_STATUS } from '../../../src/gateway/codepay/codepay-wire.js';
import { SimulatorJournal } from '../../../src/gateway/simulator/simulator-journal.js';
import {
  newOrder as newSale,
  pay,
  type SimulatedOrder,
} from '../../../src/gateway/simulator/simulator-order.js';
import type { SimulatedRefund } from '../../../src/gateway/simulator/simulator-refund.js';
import { behaviourOf } from '../../../src/gateway/simulator/simulator-scenarios.js';

export const REFUNDED_MINOR = 100;

export interface GatewayChanges {
  readonly isUnpaid?: boolean;
  /** A revoke gave the payment back. */
  readonly isRevoked?: boolean;
  /** The gateway's own numbers for the refund: none when it has none, two when it refunded twice. */
  readonly refundTransNos?: readonly string[];
  /** The callback was never acknowledged. */
  readonly isCallbackOpen?: boolean;
}

export async function gatewayOf(
  order: Order,
  happened: { readonly body: string; readonly paidAtMs: number },
  changes: GatewayChanges = {},
): Promise<GatewayHistory> {
  const folder = mkdtempSync(join(tmpdir(), 'checks-'));
  try {
    const file = join(folder, 'journal.jsonl');
    const journal = new SimulatorJournal(file);
    const sale = saleOf(order, happened.paidAtMs, changes);
    journal.append({ order: sale });
    const { merchantOrderNo } = order;
    journal.append({
      callback: {
        ...{ id: 'c', merchantOrderNo, url: '', contentType: '', body: happened.body },
        ...{ label: 'paid', createdAtMs: 0, isRepeated: true, attempts: [], nextAtMs: null },
        delivered: changes.isCallbackOpen !== true,
      },
    });
    for (const transNo of changes.refundTransNos ?? ['T-1']) {
      journal.append({ refund: refundOf(sale, transNo) });
    }
    journal.close();
    const history = new GatewayHistory(file);
    await history.catchUp();
    return history;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function saleOf(order: Order, paidAtMs: number, changes: GatewayChanges): SimulatedOrder {
  const { merchantNo, merchantOrderNo, amount } = order;
  const open = newSale(
    {
      channel: 'hosted',
      ...{ merchantOrderNo, amountMinor: amount, currency: 'USD', description: null },
      ...{ returnUrl: null, notifyUrl: null, terminalSn: null, expiresAtMs: null },
    },
    merchantNo,
    paidAtMs - 3_000,
  );
  if (changes.isUnpaid === true) return open;
  const behaviour = { ...behaviourOf({ scenario: 'paid_after', parameters: {} }), isLate: false };
  return { ...pay(open, paidAtMs, behaviour), isRefunded: changes.isRevoked === true };
}

function refundOf(sale: SimulatedOrder, transNo: string): SimulatedRefund {
  const { merchantNo, merchantOrderNo } = sale;
  return {
    method: 'refund',
    ...{ merchantNo, merchantOrderNo, refundNo: `${merchantOrderNo}-R`, transNo },
    ...{ origTransNo: sale.transNo, amountMinor: REFUNDED_MINOR, currency: 'USD' },
    status: TRANS_STATUS.successful,
    ...{ reason: null, notifyUrl: null, createdAtMs: 0, settlesAtMs: null, endedAtMs: 1 },
    failure: null,
  };
}
