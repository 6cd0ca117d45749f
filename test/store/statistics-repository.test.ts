import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countDuration, emptyStatistics, sumStatistics } from '../../src/domain/statistics.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
const FIRST = '2026-01-01T10:00:00.000Z';
const SECOND = '2026-01-01T10:01:00.000Z';
const THIRD = '2026-01-01T10:02:00.000Z';

beforeAll(async () => {
  database = await createTestDatabase();
  const { statistics } = database.stores;
  const paid = { callback: 3, check: 2, verify: 1, operator: 0 };
  await statistics.write('one', { ...emptyStatistics(FIRST), ordersPaid: paid });
  await statistics.write('other', { ...emptyStatistics(FIRST), ordersPaid: paid });
  await statistics.write('one', { ...emptyStatistics(SECOND), gatewayCalls: 1, ordersPaid: paid });
  await statistics.write('one', { ...emptyStatistics(SECOND), gatewayCalls: 7, ordersPaid: paid });
  await statistics.write('one', { ...emptyStatistics(THIRD), ordersPaid: paid });
});
afterAll(async () => {
  await database.drop();
});

describe('statistics', () => {
  it('when a process writes a minute again, then its later counts replace the earlier ones', async () => {
    const found = await database.stores.statistics.since(SECOND);
    expect(found.map(({ minute, gatewayCalls }) => [minute, gatewayCalls]).sort()).toEqual([
      [SECOND, 7],
      [THIRD, 0],
    ]);
  });

  it('when several processes wrote a minute, then it is there once for each', async () => {
    const found = await database.stores.statistics.since(FIRST);
    expect(found.filter(({ minute }) => minute === FIRST)).toHaveLength(2);
  });

  it('when orders paid are summed, then all processes count, and the end is not included', async () => {
    const { statistics } = database.stores;
    expect(await statistics.ordersPaid(FIRST, THIRD)).toEqual({
      ...{ callback: 9, check: 6, verify: 3, operator: 0 },
    });
    expect(await statistics.ordersPaid(THIRD, THIRD)).toEqual({
      ...{ callback: 0, check: 0, verify: 0, operator: 0 },
    });
  });

  it('when a minute is read again, then nothing is lost and nothing is added', async () => {
    const minute = '2026-01-02T10:00:00.000Z';
    const written = {
      ...emptyStatistics(minute),
      timeToTruth: countDuration(emptyStatistics(minute).timeToTruth, 77),
      signatureFailures: 4,
    };
    await database.stores.statistics.write('one', written);
    const found = await database.stores.statistics.since(minute);
    expect(found).toEqual([written]);
    expect(sumStatistics(found)).toEqual(sumStatistics([written]));
  });

  it('when eight days have passed, then the database forgets by a date', async () => {
    const indexes = await database.connection.collection('statistics').indexes();
    expect(indexes).toContainEqual(
      expect.objectContaining({ key: { at: 1 }, expireAfterSeconds: 8 * 86_400 }),
    );
    const [document] = await database.connection.collection('statistics').find().toArray();
    expect(document?.at).toBeInstanceOf(Date);
  });
});
