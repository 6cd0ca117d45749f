import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnomalyDocument, anomalyId } from '../../src/store/anomaly-store.js';
import { uniqueOrderNo } from '../support/order-builder.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;

async function raise(subject: string, second: number): Promise<void> {
  await database.stores.anomalies.raiseLasting(subject, {
    ...{ kind: 'gateway_trouble', at: at(second), detail: `seen at ${second}` },
  });
}

async function anomalyOf(subject: string): Promise<AnomalyDocument | null> {
  return await database.stores.anomalies.find(anomalyId('gateway_trouble', subject));
}

describe('a condition that lasts', () => {
  it('when it is raised by every look, then its begin and its count stay, and the latest look is told', async () => {
    const subject = uniqueOrderNo();
    for (const second of [1, 2, 3]) await raise(subject, second);
    expect(await anomalyOf(subject)).toMatchObject({
      ...{ openedAt: at(1), firstSeenAt: at(1), lastSeenAt: at(3), detail: 'seen at 3' },
      ...{ count: 1, healedAt: null },
    });
  });

  it('when it comes back after it was over, then it is open anew and counted, and nobody has acknowledged it', async () => {
    const subject = uniqueOrderNo();
    const { anomalies } = database.stores;
    await raise(subject, 1);
    await anomalies.acknowledge(anomalyId('gateway_trouble', subject), 'ann');
    await raise(subject, 2);
    expect(await anomalyOf(subject)).toMatchObject({ acknowledgedBy: 'ann', openedAt: at(1) });
    await anomalies.heal(subject, ['gateway_trouble'], at(3));
    await raise(subject, 4);
    expect(await anomalyOf(subject)).toMatchObject({
      ...{ firstSeenAt: at(1), openedAt: at(4), healedAt: null },
      ...{ acknowledgedBy: null, count: 2 },
    });
  });

  it('when many processes see it at once, then one of them opens it, also when it comes back', async () => {
    const subject = uniqueOrderNo();
    await Promise.all(Array.from({ length: 12 }, () => raise(subject, 1)));
    expect(await anomalyOf(subject)).toMatchObject({ count: 1 });
    await database.stores.anomalies.heal(subject, ['gateway_trouble'], at(2));
    await Promise.all(Array.from({ length: 12 }, () => raise(subject, 3)));
    expect(await anomalyOf(subject)).toMatchObject({ count: 2, openedAt: at(3) });
  });

  it('when open ones of a kind are asked for, then others and those that are over are not among them', async () => {
    const [open, over] = [uniqueOrderNo(), uniqueOrderNo()];
    const { anomalies } = database.stores;
    await raise(open, 5);
    await raise(over, 5);
    await anomalies.heal(over, ['gateway_trouble'], at(6));
    await anomalies.raiseLasting(open, { kind: 'drift', at: at(6), detail: 'd' });
    const found = await anomalies.listOpenOf(['gateway_trouble'], 100);
    const subjects = found.map(({ orderId }) => orderId);
    expect(subjects).toContain(open);
    expect(subjects).not.toContain(over);
    expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['gateway_trouble']));
  });
});
