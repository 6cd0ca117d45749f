/** Cases of the checks of orders: what was accepted, paid, told, recorded, and what is still to be done. */
import type { AuditEntry } from '../../../src/domain/audit.js';
import { type CheckCases, OPEN } from './check-cases.js';
import {
  CANCEL_ACCEPTED,
  OTHER_REFUND_ACCEPTED,
  PAID_AT_MS,
  refused,
  told,
} from './checked-run.js';

const EARLIER = new Date(PAID_AT_MS).toISOString();

/** The entries that tell of the payment, once more behind the others. */
function paidAgain(entries: readonly AuditEntry[]): readonly AuditEntry[] {
  const shift = entries.length - 1;
  const repeated = entries.slice(1, 3).map((entry) => ({
    ...entry,
    sequence: entry.sequence + shift,
    data: { ...entry.data, evidenceSequence: Number(entry.data.evidenceSequence) + shift },
  }));
  return [...entries, ...repeated];
}

/** The callback, once more behind the others, with nothing that was decided by it. */
function tornAgain(entries: readonly AuditEntry[]): readonly AuditEntry[] {
  const torn = entries.slice(1, 2).map((entry) => ({ ...entry, sequence: entries.length + 1 }));
  return [...entries, ...torn];
}

const withoutCallback = (entries: readonly AuditEntry[]) =>
  entries.map((entry) => ({ ...entry, data: {} }));

function edited(entries: readonly AuditEntry[]): readonly AuditEntry[] {
  return entries.map((entry) => (entry.sequence === 2 ? { ...entry, summary: 'else' } : entry));
}

export const ORDER_CASES = {
  accepted_orders_exist: {
    breaks: {
      'an accepted order is gone': { isLost: true },
      'an accepted order has another amount': { order: { amount: 1 } },
      'an accepted order has another channel': { order: { channel: 'pos' } },
    },
    holds: { 'an accepted order came to another end': { order: { status: 'canceled' } } },
  },
  accepted_refunds_exist: {
    breaks: {
      'an accepted refund is gone': { journal: [OTHER_REFUND_ACCEPTED] },
      'no refund is left': { order: { refunds: [] } },
    },
    holds: { 'the refund at the gateway is gone': { gateway: { refundTransNos: [] } } },
  },
  accepted_cancels_act: {
    breaks: {
      'an accepted cancel did nothing': { order: OPEN, journal: [CANCEL_ACCEPTED] },
    },
    holds: {
      'an accepted cancel was too late': { journal: [CANCEL_ACCEPTED] },
      'nobody canceled a pending order': { order: OPEN },
    },
  },
  paid_is_known: {
    breaks: {
      'a paid order is closed': { order: { status: 'canceled' } },
      'a paid order is still pending': { order: OPEN },
    },
    holds: {
      'a paid order is in review': { order: { status: 'review' } },
      'an order that nobody paid is closed': {
        ...{ gateway: { isUnpaid: true }, order: { status: 'canceled' } },
      },
    },
  },
  paid_is_never_invented: {
    breaks: { 'an order is paid that nobody paid': { gateway: { isUnpaid: true } } },
    holds: {
      'an order that nobody paid is in review': {
        ...{ gateway: { isUnpaid: true }, order: { status: 'review' } },
      },
    },
  },
  revoked_money_is_seen: {
    breaks: {
      'a revoke gave the money back, and the order is paid': { gateway: { isRevoked: true } },
      'a revoke gave the money back, and the order is closed': {
        ...{ gateway: { isRevoked: true }, order: { status: 'canceled' } },
      },
    },
    holds: {
      'a revoke gave the money back, and a person is asked': {
        ...{ gateway: { isRevoked: true }, order: { status: 'review' } },
      },
    },
  },
  paid_stays_paid: {
    breaks: {
      'somebody hears pending after somebody heard paid': {
        journal: [told('pending', PAID_AT_MS + 200)],
      },
    },
    holds: {
      'the answers of two questions cross': { journal: [told('pending', PAID_AT_MS + 105)] },
      'paid is told again': { journal: [told('refunded', PAID_AT_MS + 200)] },
    },
  },
  never_invites_a_second_payment: {
    breaks: {
      'somebody is told to pay again after it was paid': {
        journal: [told('paid', PAID_AT_MS + 1, 'pay_again')],
      },
    },
    holds: {
      'somebody is told to pay again before it was paid': {
        journal: [told('pending', PAID_AT_MS - 1, 'pay_again')],
      },
    },
  },
  no_answer_is_a_mistake: {
    breaks: { 'an answer is a 500': { journal: [refused(500)] } },
    holds: { 'answers say pending': { journal: [told('pending', PAID_AT_MS - 1)] } },
  },
  acknowledged_callbacks_arrive: {
    breaks: {
      'an acknowledged callback is not stored': { inbox: null },
      'an acknowledged callback was never processed': { inbox: { processedAt: null } },
      'an acknowledged callback is in no audit': { audit: withoutCallback },
    },
    holds: {
      'a callback that was not acknowledged is not stored': {
        ...{ inbox: null, gateway: { isCallbackOpen: true } },
      },
      'an acknowledged callback only says again what is known': {
        audit: withoutCallback,
        inbox: {
          outcome: 'already_decided',
          facts: { gatewayTransNo: 'G-C-1' } as never,
        },
      },
    },
  },
  evidence_is_kept_once: {
    breaks: { 'a callback is recorded twice': { audit: paidAgain } },
    holds: { 'a crash left a callback that decided nothing': { audit: tornAgain } },
  },
  one_completion: {
    breaks: { 'an order is completed twice': { audit: paidAgain } },
    holds: { 'a crash left a callback that decided nothing': { audit: tornAgain } },
  },
  one_refund_per_number: {
    breaks: {
      'the gateway has two refunds of one number': { gateway: { refundTransNos: ['T-1', 'T-2'] } },
      'the gateway has a refund that the order has not': { order: { refunds: [] } },
    },
    holds: { 'the gateway tells of one refund twice': { gateway: { refundTransNos: ['T', 'T'] } } },
  },
  refunds_agree: {
    breaks: {
      'the gateway gave back nothing': { gateway: { refundTransNos: [] } },
      'the order says that nothing was given back': { order: { refundedAmount: 0 } },
    },
    holds: { 'the order was completed twice': { audit: paidAgain } },
  },
  audit_is_whole: {
    breaks: {
      'an entry was edited': { audit: edited },
      'the last entry is gone': { audit: (entries) => entries.slice(0, -1) },
      'the record says what no entry says': { order: { paidAmount: 1 } },
    },
    holds: { 'the feed tells nothing': { feed: () => [] } },
  },
  orders_have_a_driver: {
    breaks: {
      'nothing is planned for an open order': { order: { status: 'pending' } },
      'the run of an open order has ended': {
        ...{ order: OPEN, run: { is: 'COMPLETED', says: null } },
      },
      'an open order is overdue': { order: { ...OPEN, nextActionAt: EARLIER } },
    },
    holds: {
      'an open order has its run': { order: OPEN },
      'a person is asked': { order: { status: 'review' } },
    },
  },
  workflow_agrees: {
    breaks: {
      'the run says another status': { order: OPEN, run: { is: 'RUNNING', says: 'paid' } },
      'the run cannot be replayed': {
        ...{ order: OPEN, run: { is: 'RUNNING', says: new Error('nondeterminism') } },
      },
    },
    holds: {
      'the run says the same': { order: OPEN, run: { is: 'RUNNING', says: 'pending' } },
      'the run has only just begun': { order: OPEN },
    },
  },
  readers_agree: {
    breaks: { 'the API says another status than the record': { read: 'pending' } },
    holds: { 'both say the same': { order: { status: 'review' }, read: 'review' } },
  },
} satisfies Readonly<Record<string, CheckCases>>;
