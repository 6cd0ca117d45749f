/** Each check must see what it is there for: every case below breaks one thing of a run in which all is well. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkAccepted } from '../../../src/chaos/checks/accepted.js';
import { checkCallbacks } from '../../../src/chaos/checks/callbacks.js';
import type { Evidence } from '../../../src/chaos/checks/evidence.js';
import { Findings } from '../../../src/chaos/checks/findings.js';
import { checkMoney } from '../../../src/chaos/checks/money.js';
import { checkReaders } from '../../../src/chaos/checks/readers.js';
import { checkTold } from '../../../src/chaos/checks/told.js';
import { GatewayHistory } from '../../../src/chaos/gateway-history.js';
import type { JournalEntry } from '../../../src/chaos/journal.js';
import type { AuditEntry } from '../../../src/domain/audit.js';
import { TRANS_STATUS } from '../../../src/gateway/codepay/codepay-wire.js';
import { SimulatorJournal } from '../../../src/gateway/simulator/simulator-journal.js';
import {
  type NewSale,
  newOrder as newSale,
  pay,
} from '../../../src/gateway/simulator/simulator-order.js';
import type { SimulatedRefund } from '../../../src/gateway/simulator/simulator-refund.js';
import { behaviourOf } from '../../../src/gateway/simulator/simulator-scenarios.js';
import type { CallbackDocument } from '../../../src/store/callback.model.js';
import type { OrderDocument } from '../../../src/store/order.model.js';
import { AuditedLife } from '../../support/audit-builder.js';
import { aCallback, factsOf, MERCHANT_NO, orderRequest } from '../../support/order-builder.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const PAID_AT_MS = Date.parse('2026-01-01T00:00:03.000Z');
const BODY = '{"trans_status":"2"}';
const CALLBACK_ID = createHash('sha256').update(BODY).digest('hex');

function told(
  number: string,
  status: string,
  sentAtMs: number,
  nextAction: string | null = null,
): JournalEntry {
  const exchange = { number, sentAtMs, answeredAtMs: sentAtMs + 10 };
  return { kind: 'status_told', ...exchange, by: 'verify', status, nextAction };
}

interface Changes {
  readonly isPaidAtGateway?: boolean;
  readonly order?: Partial<OrderDocument>;
  readonly journal?: (number: string) => readonly JournalEntry[];
  readonly inbox?: Partial<CallbackDocument> | null;
  readonly isLost?: boolean;
  /** How often the audit holds the callback. */
  readonly recorded?: number;
  readonly refundTransNos?: readonly string[];
}

/** A paid order whose callback was acknowledged and recorded, changed as a case wants it. */
async function evidenceOf(changes: Changes = {}): Promise<Evidence> {
  const life = new AuditedLife(orderRequest());
  const { merchantOrderNo: number } = life.order;
  const callback = aCallback(factsOf(life.order), { callbackId: CALLBACK_ID });
  life.learn(callback, PAID_AT_MS);
  const entries = repeated(life.entries, changes.recorded ?? 1);
  const order = {
    ...life.order,
    ...{ _id: life.orderId, version: entries.length, auditHash: '', nextActionAt: null },
    ...changes.order,
  } as OrderDocument;
  const entry = { _id: CALLBACK_ID, processedAt: 'then', outcome: 'recorded', facts: null };
  const { inbox } = changes;
  return {
    findings: new Findings(),
    journal: [
      {
        ...{ kind: 'order_accepted', number, sentAtMs: 1, answeredAtMs: 2 },
        ...{ amount: life.order.amount, channel: life.order.channel, story: 'paid_after' },
      },
      told(number, 'paid', PAID_AT_MS + 100),
      ...(changes.journal?.(number) ?? []),
    ],
    gateway: await gatewayOf(number, life.order.amount, changes),
    orders: changes.isLost === true ? new Map() : new Map([[number, order]]),
    ordersOfRefunds: new Map(),
    audits: new Map([[life.orderId, entries]]),
    inbox:
      inbox === null
        ? new Map()
        : new Map([[CALLBACK_ID, { ...entry, ...inbox } as unknown as CallbackDocument]]),
  };
}

/** The first entry, and what follows it so many times. */
function repeated(entries: readonly AuditEntry[], times: number): readonly AuditEntry[] {
  const [created, ...recorded] = entries;
  const shifts = Array.from({ length: times }, (_, index) => index * recorded.length);
  const rest = shifts.flatMap((shift) =>
    recorded.map((entry) => ({
      ...entry,
      sequence: entry.sequence + shift,
      data: { ...entry.data, evidenceSequence: Number(entry.data.evidenceSequence) + shift },
    })),
  );
  return created === undefined ? rest : [created, ...rest];
}

async function gatewayOf(number: string, amountMinor: number, changes: Changes) {
  const folder = mkdtempSync(join(tmpdir(), 'checks-'));
  folders.push(folder);
  const file = join(folder, 'journal.jsonl');
  const journal = new SimulatorJournal(file);
  const sale: NewSale = {
    channel: 'hosted',
    ...{ merchantOrderNo: number, amountMinor, currency: 'USD' },
    ...{ description: null, returnUrl: null, notifyUrl: null, terminalSn: null, expiresAtMs: null },
  };
  const order = newSale(sale, MERCHANT_NO, PAID_AT_MS - 3_000);
  const behaviour = { ...behaviourOf({ scenario: 'paid_after', parameters: {} }), isLate: false };
  const isPaid = changes.isPaidAtGateway ?? true;
  journal.append({ order: isPaid ? pay(order, PAID_AT_MS, behaviour) : order });
  journal.append({
    callback: {
      ...{ id: 'c', merchantOrderNo: number, url: '', contentType: '', body: BODY, label: 'paid' },
      ...{ createdAtMs: 0, isRepeated: true, attempts: [], delivered: true, nextAtMs: null },
    },
  });
  for (const transNo of changes.refundTransNos ?? []) {
    const refund: SimulatedRefund = {
      method: 'refund',
      ...{ merchantNo: MERCHANT_NO, refundNo: 'R-1', merchantOrderNo: number },
      ...{ transNo, origTransNo: order.transNo, amountMinor: 100, currency: 'USD' },
      status: TRANS_STATUS.successful,
      ...{ reason: null, notifyUrl: null, createdAtMs: 0, settlesAtMs: null, endedAtMs: 1 },
      failure: null,
    };
    journal.append({ refund });
  }
  journal.close();
  const history = new GatewayHistory(file);
  await history.catchUp();
  return history;
}

async function brokenBy(changes: Changes): Promise<readonly string[]> {
  const evidence = await evidenceOf(changes);
  checkAccepted(evidence);
  checkMoney(evidence);
  checkTold(evidence);
  checkCallbacks(evidence);
  return evidence.findings.violations.map(({ invariant }) => invariant);
}

const exchange = (number: string) => ({ number, sentAtMs: 1, answeredAtMs: 2 });

describe('the checks of a run', () => {
  it('when all is well, then nothing is found', async () => {
    expect(await brokenBy({})).toEqual([]);
  });

  const cases: Record<string, [Changes, string]> = {
    'an accepted order is gone': [{ isLost: true }, 'accepted_orders_exist'],
    'an accepted order has another amount': [{ order: { amount: 1 } }, 'accepted_orders_exist'],
    'an accepted refund is gone': [
      {
        journal: (number) => [
          { kind: 'refund_accepted', ...exchange(number), refundNo: 'R-1', amount: 100 },
        ],
      },
      'accepted_refunds_exist',
    ],
    'an accepted cancel did nothing': [
      {
        isPaidAtGateway: false,
        order: { status: 'pending' },
        journal: (number) => [{ kind: 'cancel_accepted', ...exchange(number) }],
      },
      'accepted_cancels_act',
    ],
    'a paid order is closed': [{ order: { status: 'canceled' } }, 'paid_is_known'],
    'a paid order is still pending': [{ order: { status: 'pending' } }, 'paid_is_known'],
    'an order is paid that nobody paid': [{ isPaidAtGateway: false }, 'paid_is_never_invented'],
    'somebody hears pending after somebody heard paid': [
      { journal: (number) => [told(number, 'pending', PAID_AT_MS + 200)] },
      'paid_stays_paid',
    ],
    'somebody is told to pay again after it was paid': [
      { journal: (number) => [told(number, 'paid', PAID_AT_MS + 1, 'pay_again')] },
      'never_invites_a_second_payment',
    ],
    'an answer is a 500': [
      {
        journal: (number) => [
          { kind: 'answer_refused', ...exchange(number), call: 'GET', status: 500, code: '' },
        ],
      },
      'no_answer_is_a_mistake',
    ],
    'an acknowledged callback is not stored': [{ inbox: null }, 'acknowledged_callbacks_arrive'],
    'an acknowledged callback was never processed': [
      { inbox: { processedAt: null } },
      'acknowledged_callbacks_arrive',
    ],
    'an acknowledged callback is in no audit': [{ recorded: 0 }, 'acknowledged_callbacks_arrive'],
    'a callback is recorded twice': [{ recorded: 2 }, 'evidence_is_kept_once'],
    'an order is completed twice': [{ recorded: 2 }, 'one_completion'],
    'the gateway has two refunds of one number': [
      { refundTransNos: ['T-1', 'T-2'] },
      'one_refund_per_number',
    ],
    'the gateway gave back what the order does not say': [
      { refundTransNos: ['T-1'] },
      'refunds_agree',
    ],
  };
  for (const [title, [changes, invariant]] of Object.entries(cases)) {
    it(`when ${title}, then it is found`, async () => {
      expect(await brokenBy(changes)).toContain(invariant);
    });
  }

  it('when the API says another status than the record, then it is found', async () => {
    const evidence = await evidenceOf();
    const [number] = evidence.orders.keys();
    checkReaders(new Map([[String(number), 'paid']]), evidence);
    expect(evidence.findings.violations).toEqual([]);
    checkReaders(new Map([[String(number), 'pending']]), evidence);
    expect(evidence.findings.violations.map(({ invariant }) => invariant)).toEqual([
      'readers_agree',
    ]);
  });
});
