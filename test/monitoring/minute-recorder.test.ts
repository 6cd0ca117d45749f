import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minuteOf, sumStatistics } from '../../src/domain/statistics.js';
import { MinuteRecorder } from '../../src/monitoring/minute-recorder.js';
import { countCallbacks, countGatewayCalls } from '../../src/monitoring/process-counts.js';
import type { StatisticsStore } from '../../src/store/statistics-store.js';
import { eventually } from '../support/eventually.js';
import { uniqueOrderNo } from '../support/order-builder.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
const MINUTE_MS = 60_000;
const START_MS = Date.parse('2026-01-01T10:00:30.000Z');

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

/** A recorder with a clock of its own, in a database that others write to as well. */
function recorderAt(startMs: number, store: Pick<StatisticsStore, 'write'>) {
  const clock = { nowMs: startMs };
  const log: string[] = [];
  const note = (fields: object) => log.push((fields as { event: string }).event);
  const recorder = new MinuteRecorder({
    store,
    processId: uniqueOrderNo(),
    now: () => clock.nowMs,
    logger: { warn: note, info: note } as never,
    flushIntervalMs: 10,
  });
  return { recorder, clock, log };
}

async function callsOf(minuteMs: number): Promise<number> {
  const minute = minuteOf(minuteMs);
  const found = await database.stores.statistics.since(minute);
  return sumStatistics(found.filter((counted) => counted.minute === minute)).gatewayCalls;
}

describe('what a process counts', () => {
  it('when it counts on over several flushes, then everything is written once, each in its minute', async () => {
    const startMs = START_MS;
    const { recorder, clock } = recorderAt(startMs, database.stores.statistics);
    recorder.gatewayCalled(true, 5);
    await recorder.flush();
    recorder.gatewayCalled(true, 5);
    await recorder.flush();
    clock.nowMs += MINUTE_MS;
    recorder.gatewayCalled(false, 5);
    await recorder.flush();
    expect([await callsOf(startMs), await callsOf(startMs + MINUTE_MS)]).toEqual([2, 1]);
  });

  it('when two processes count the same minute, then neither replaces what the other counted', async () => {
    const startMs = START_MS + 10 * MINUTE_MS;
    for (const { recorder } of [0, 1].map(() => recorderAt(startMs, database.stores.statistics))) {
      recorder.gatewayCalled(true, 5);
      await recorder.flush();
    }
    expect(await callsOf(startMs)).toBe(2);
  });

  it('when it counts while it writes, then the next flush brings it', async () => {
    const startMs = START_MS + 20 * MINUTE_MS;
    const { statistics } = database.stores;
    const counting: { recorder?: MinuteRecorder } = {};
    let isFirst = true;
    const { recorder } = recorderAt(startMs, {
      write: async (processId, counts) => {
        if (isFirst) counting.recorder?.gatewayCalled(true, 5);
        isFirst = false;
        await statistics.write(processId, counts);
      },
    });
    counting.recorder = recorder;
    recorder.gatewayCalled(true, 5);
    await recorder.flush();
    await recorder.flush();
    expect(await callsOf(startMs)).toBe(2);
  });

  it('when MongoDB is away for a while, then nothing throws, the outage is told once, and the counts come later', async () => {
    const startMs = START_MS + 30 * MINUTE_MS;
    const { statistics } = database.stores;
    let isAway = true;
    const { recorder, clock, log } = recorderAt(startMs, {
      write: async (processId, counts) => {
        if (isAway) throw new Error('away');
        await statistics.write(processId, counts);
      },
    });
    recorder.gatewayCalled(true, 5);
    await recorder.flush();
    clock.nowMs += MINUTE_MS;
    recorder.gatewayCalled(true, 5);
    await recorder.flush();
    isAway = false;
    await recorder.flush();
    expect([await callsOf(startMs), await callsOf(startMs + MINUTE_MS)]).toEqual([1, 1]);
    expect(log).toEqual(['statistics.not_written', 'statistics.written']);
  });

  it('when it is away for hours, then an hour is kept and memory stays bounded', async () => {
    const written: string[] = [];
    let isAway = true;
    const { recorder, clock } = recorderAt(START_MS, {
      write: async (_processId, { minute }) => {
        if (isAway) throw new Error('away');
        written.push(minute);
      },
    });
    for (let minute = 0; minute < 200; minute += 1) {
      recorder.gatewayCalled(true, 5);
      clock.nowMs += MINUTE_MS;
    }
    await recorder.flush();
    isAway = false;
    await recorder.flush();
    expect(written).toHaveLength(60);
    expect(written.at(-1)).toBe(minuteOf(START_MS + 199 * MINUTE_MS));
  });

  it('when it runs, then it writes by itself, and what is left is written when it stops', async () => {
    const startMs = START_MS + 40 * MINUTE_MS;
    const { recorder } = recorderAt(startMs, database.stores.statistics);
    recorder.start();
    recorder.gatewayCalled(true, 5);
    await eventually('it is written', async () => (await callsOf(startMs)) === 1);
    recorder.gatewayCalled(true, 5);
    await recorder.stop(5_000);
    expect(await callsOf(startMs)).toBe(2);
  });

  it('when MongoDB hangs while the process stops, then the process does not wait for it', async () => {
    const { recorder } = recorderAt(START_MS, { write: () => new Promise(() => {}) });
    recorder.gatewayCalled(true, 5);
    const startedMs = Date.now();
    await recorder.stop(50);
    expect(Date.now() - startedMs).toBeLessThan(2_000);
  });
});

describe('what counts as what', () => {
  async function countedBy(count: (recorder: MinuteRecorder) => void) {
    const written: ReturnType<typeof sumStatistics>[] = [];
    const { recorder } = recorderAt(START_MS, {
      write: async (_processId, counts) => void written.push(counts),
    });
    count(recorder);
    await recorder.flush();
    return sumStatistics(written);
  }

  it('when callbacks are taken or refused, then each is counted once; what we could not take is neither', async () => {
    const results = ['stored', 'repeated', 'carried', 'malformed_body', 'unavailable', 'internal'];
    const forged = ['signature_missing', 'signature_invalid', 'app_unknown'];
    const counts = await countedBy((recorder) =>
      [...results, ...forged].forEach(countCallbacks(recorder)),
    );
    expect(counts).toMatchObject({
      ...{ callbacksAccepted: 3, callbacksRefused: 4, signatureFailures: 3 },
    });
  });

  it('when the gateway says no, then it has answered; when it cannot be believed, then not', async () => {
    const counts = await countedBy((recorder) => {
      const count = countGatewayCalls(recorder);
      for (const outcome of ['paid', 'open', 'not_found', 'accepted', 'refused', 'unknown']) {
        count('query', outcome, 40);
      }
    });
    expect(counts).toMatchObject({ gatewayCalls: 6, gatewayAnswered: 5 });
    expect(counts.gatewayDuration.reduce((sum, count) => sum + count, 0)).toBe(6);
  });
});
