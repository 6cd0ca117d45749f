/** Crashes between two operations that seeds have found, each with the parts that it needs. */
import { describe, expect, it } from 'vitest';
import { createdEntry } from '../../src/domain/new-order.js';
import { orderId } from '../../src/domain/order.js';
import { DatabaseSession } from '../../src/simulation/database/database-session.js';
import { simulatedConnection } from '../../src/simulation/database/simulated-connection.js';
import { SimulatedDatabase } from '../../src/simulation/database/simulated-database.js';
import { Faults } from '../../src/simulation/kernel/faults.js';
import { Outages } from '../../src/simulation/kernel/outages.js';
import { SimulatedProcess } from '../../src/simulation/kernel/simulated-process.js';
import { quiescence, Timeline } from '../../src/simulation/kernel/timeline.js';
import type { RecordRequest } from '../../src/store/order-store.js';
import { createStores } from '../../src/store/stores.js';
import { anOrder, CREATED_MS } from '../support/order-builder.js';

/** @param fault the one that strikes */
function database(fault: string) {
  const timeline = new Timeline(CREATED_MS);
  const nowMs = () => timeline.nowMs;
  const mix = { 'database.crash_after': 1 } as const;
  const faults = new Faults({ seed: 1, mix, max: 1, kept: new Set([fault]), nowMs });
  const stored = new SimulatedDatabase();
  const around = { timeline, faults, outages: new Outages(timeline) };
  const stores = (name: string) => {
    const session = new DatabaseSession(new SimulatedProcess(name, 0), around);
    return createStores(simulatedConnection(session, stored), { isDelivered: false, now: nowMs });
  };
  const settled = async <T>(work: Promise<T>): Promise<T | 'never'> => {
    let outcome: T | 'never' = 'never';
    void work.then((value) => {
      outcome = value;
    });
    await quiescence();
    await timeline.runUntil(timeline.nowMs + 60_000);
    return outcome;
  };
  return { stores, stored, settled };
}

describe('a worker that dies right after it has written evidence into the audit', () => {
  it('when the evidence raises an anomaly, then the anomaly is raised all the same', async () => {
    const { stores, stored, settled } = database('database.crash_after/audit.insertOne#1');
    const order = anOrder();
    const id = orderId(order.merchantNo, order.merchantOrderNo);
    const request: RecordRequest = {
      orderId: id,
      before: null,
      transitionId: 'run/1',
      drafts: [createdEntry(order)],
      anomalies: [],
      healedAnomalies: [],
      processedCallbackIds: [],
    };
    const first = stores('first');
    const created = await settled(first.orders.record(request));
    if (created === 'never' || created.outcome !== 'recorded') throw new Error('not created');
    const { version, auditHash } = created;
    const at = order.createdAt;
    const evidence = {
      kind: 'callback',
      event: 'callback.received',
      at,
      summary: 'Callback: paid.',
      data: {},
      changes: { callbackIds: ['c1'] },
    } as const;
    const told = await settled(
      first.orders.record({
        ...request,
        before: { order, version, auditHash },
        transitionId: 'run/2',
        drafts: [evidence],
        anomalies: [{ kind: 'duplicate_payment', at, detail: 'a second payment' }],
      }),
    );
    expect(told).toBe('never');
    // Another worker rolls the order forward, and finds the callback recorded.
    const loaded = await settled(stores('second').orders.load(id));
    expect(loaded !== 'never' && loaded?.order.callbackIds).toEqual(['c1']);
    expect(stored.collection('anomalies').byId(`duplicate_payment:${id}`)).toBeDefined();
  });
});
