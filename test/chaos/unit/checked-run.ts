/**
 * A run in which all is well, and what a case changes in it: an order that is paid and of which a part is refunded. The
 * shop asked for the refund, the callback was acknowledged, and the feed told both.
 */
import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { AuditSource } from '../../../src/audit/audited-order.js';
import { checkAccepted } from '../../../src/chaos/checks/accepted.js';
import { checkAudit } from '../../../src/chaos/checks/audit.js';
import { checkCallbacks } from '../../../src/chaos/checks/callbacks.js';
import { checkDrivers } from '../../../src/chaos/checks/drivers.js';
import type { Evidence } from '../../../src/chaos/checks/evidence.js';
import { checkFeed } from '../../../src/chaos/checks/feed.js';
import { Findings, type InvariantName } from '../../../src/chaos/checks/findings.js';
import { checkMoney } from '../../../src/chaos/checks/money.js';
import { checkReaders } from '../../../src/chaos/checks/readers.js';
import { checkTold } from '../../../src/chaos/checks/told.js';
import { checkWebhook } from '../../../src/chaos/checks/webhook.js';
import type { EventReceived, FeedReader, JournalEntry } from '../../../src/chaos/journal.js';
import type { AuditEntry } from '../../../src/domain/audit.js';
import { eventMessage, eventsOf, type OrderEventMessage } from '../../../src/domain/events.js';
import { refundRequestedEntry, settledEntry } from '../../../src/domain/refund-entries.js';
import type { CallbackDocument } from '../../../src/store/callback.model.js';
import type { OrderDocument } from '../../../src/store/order.model.js';
import { AuditedLife } from '../../support/audit-builder.js';
import { aCallback, factsOf, orderRequest } from '../../support/order-builder.js';
import { type GatewayChanges, gatewayOf, REFUNDED_MINOR } from './gateway-builder.js';

export const NUMBER = 'C-1';
export const REFUND_NO = 'C-1-R';
export const PAID_AT_MS = Date.parse('2026-01-01T00:00:03.000Z');
/** What is due before this is overdue. */
const OVERDUE_SINCE_MS = PAID_AT_MS + 60_000;
const BODY = '{"trans_status":"2"}';
const CALLBACK_ID = createHash('sha256').update(BODY).digest('hex');
const EXCHANGE = { number: NUMBER, sentAtMs: PAID_AT_MS + 100, answeredAtMs: PAID_AT_MS + 110 };

type Feed = readonly OrderEventMessage[];

export interface RunChanges {
  readonly gateway?: GatewayChanges;
  readonly order?: Partial<OrderDocument>;
  readonly isLost?: boolean;
  readonly journal?: readonly JournalEntry[];
  /** `null`: the callback is not in the inbox. */
  readonly inbox?: Partial<CallbackDocument> | null;
  readonly audit?: (entries: readonly AuditEntry[]) => readonly AuditEntry[];
  /** As everybody is given it. */
  readonly feed?: (events: Feed) => Feed;
  /** As its follower alone is given it. */
  readonly followed?: (events: Feed) => Feed;
  /** What the webhook sends. */
  readonly sent?: (received: readonly EventReceived[]) => readonly EventReceived[];
  /** What the API says of the order when everything is at rest. */
  readonly read?: string;
  /** The order's workflow: whether it runs, and what it says; `null` when it cannot be asked. */
  readonly run?: { readonly is: string; readonly says: string | null | Error };
}

export function told(status: string, sentAtMs: number, nextAction: string | null = null) {
  const exchange = { number: NUMBER, sentAtMs, answeredAtMs: sentAtMs + 10 };
  return { kind: 'status_told', ...exchange, by: 'verify', status, nextAction } as const;
}

export function refused(status: number): JournalEntry {
  return { kind: 'answer_refused', ...EXCHANGE, call: 'GET', status, code: '' };
}

export const CANCEL_ACCEPTED: JournalEntry = { kind: 'cancel_accepted', ...EXCHANGE };
export const OTHER_REFUND_ACCEPTED: JournalEntry = {
  kind: 'refund_accepted',
  ...{ ...EXCHANGE, refundNo: 'C-1-S', amount: REFUNDED_MINOR },
};

/** @returns the names of what the checks find */
export async function foundIn(changes: RunChanges): Promise<readonly InvariantName[]> {
  const life = refundedLife();
  const evidence = await evidenceOf(life, changes);
  const { findings } = evidence;
  checkAccepted(evidence);
  checkMoney(evidence);
  checkTold(evidence);
  checkCallbacks(evidence);
  checkFeed(evidence);
  checkWebhook(evidence);
  checkReaders(new Map([[NUMBER, changes.read ?? 'partially_refunded']]), evidence);
  await checkDrivers(evidence, temporalWith(changes), OVERDUE_SINCE_MS);
  await checkAudit(auditSource(life, evidence, changes), [], findings);
  return findings.violations.map(({ invariant }) => invariant);
}

function refundedLife(): AuditedLife {
  const life = new AuditedLife(orderRequest({ merchantOrderNo: NUMBER }));
  life.learn(aCallback(factsOf(life.order), { callbackId: CALLBACK_ID }), PAID_AT_MS);
  const at = new Date(PAID_AT_MS + 1_000).toISOString();
  const asked = { refundNo: REFUND_NO, amount: REFUNDED_MINOR, reason: 'chaos run' };
  const request = { ...asked, requestedBy: 'shop', contentHash: 'content', method: 'refund' };
  life.write(refundRequestedEntry(life.order, request as never, at));
  const [refund] = life.order.refunds;
  if (refund === undefined) throw new Error('no refund');
  const settlement = { isSucceeded: true, facts: null, at, sequence: 5, source: 'query' } as const;
  return life.write(settledEntry(life.order, refund, settlement));
}

async function evidenceOf(life: AuditedLife, changes: RunChanges): Promise<Evidence> {
  const { inbox, audit = (entries) => entries, feed = (events) => events } = changes;
  const stored = { _id: life.orderId, version: life.entries.length, auditHash: '' };
  const order = { ...life.order, ...stored, nextActionAt: null, ...changes.order } as OrderDocument;
  const entries = audit(life.entries);
  const events = feed(eventsOf(null, life.entries).map(eventMessage));
  const entry = { _id: CALLBACK_ID, processedAt: 'then', outcome: 'recorded', facts: null };
  const callback = { ...entry, ...inbox } as unknown as CallbackDocument;
  const { amount, channel } = life.order;
  return {
    findings: new Findings(),
    journal: [
      { kind: 'order_accepted', ...EXCHANGE, amount, channel, story: 'paid_after' },
      { kind: 'refund_accepted', ...EXCHANGE, refundNo: REFUND_NO, amount: REFUNDED_MINOR },
      told('paid', PAID_AT_MS + 100),
      ...pagesOf('follower', changes.followed?.(events) ?? events, 1),
      ...pagesOf('last_reader', events, 100),
      ...(changes.sent?.(events.map(received)) ?? events.map(received)),
      ...(changes.journal ?? []),
    ],
    gateway: await gatewayOf(life.order, { body: BODY, paidAtMs: PAID_AT_MS }, changes.gateway),
    orders: new Map(changes.isLost === true ? [] : [[NUMBER, order]]),
    ordersOfRefunds: new Map([[REFUND_NO, order]]),
    audits: new Map([[life.orderId, entries]]),
    inbox: new Map(inbox === null ? [] : [[CALLBACK_ID, callback]]),
  };
}

function pagesOf(reader: FeedReader, events: Feed, pageMax: number): readonly JournalEntry[] {
  const { sentAtMs, answeredAtMs } = EXCHANGE;
  const starts = Array.from({ length: Math.ceil(events.length / pageMax) }, (_, page) => page);
  return starts.map((page) => ({
    kind: 'events_told',
    ...{ sentAtMs, answeredAtMs, reader },
    startingAfter: events[page * pageMax - 1]?.id ?? null,
    events: events.slice(page * pageMax, (page + 1) * pageMax),
  }));
}

function received(event: OrderEventMessage): EventReceived {
  const told = { isSigned: true, isTaken: true, body: JSON.stringify(event) };
  return { kind: 'event_received', receivedAtMs: PAID_AT_MS, eventId: event.id, ...told };
}

function temporalWith({ run = { is: 'RUNNING', says: null } }: RunChanges): Client {
  const handle = {
    describe: async () => ({ status: { name: run.is } }),
    query: async () => {
      if (run.says instanceof Error) throw run.says;
      return run.says === null ? null : { status: run.says };
    },
  };
  return { workflow: { getHandle: () => handle } } as unknown as Client;
}

/** The chain as the checks are given it, beside the record as it is stored. */
function auditSource(life: AuditedLife, evidence: Evidence, changes: RunChanges): AuditSource {
  const audited = life.audited();
  const entries = evidence.audits.get(life.orderId) ?? [];
  const record = audited.record && {
    ...audited.record,
    order: { ...life.order, ...changes.order },
  };
  return {
    orders: async function* () {
      yield { ...audited, entries, record };
    },
    checkpoints: async function* () {},
  };
}
