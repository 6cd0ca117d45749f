/** Many new episodes of one kind within minutes are one alert, and one more when all are over. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import {
  type AlertEnvironment,
  alertEnvironment,
  idsOf,
  messagesOf,
  PUBLIC_URL,
  webhookAt,
} from './alert-environment.js';

const SUMMARY_PAUSE_MS = 10_000;
const QUARTER_MS = 900_000;
const SLACK_MS = 60_000;

let environment: AlertEnvironment;

beforeEach(async () => {
  environment = await alertEnvironment();
  // The begin of a quarter of an hour, so that a storm lies in one.
  const { clock } = environment;
  clock.nowMs = (Math.floor(clock.nowMs / QUARTER_MS) + 1) * QUARTER_MS;
});
afterEach(async () => {
  await environment.close();
});

async function raiseMany(count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await environment.raise('order_stuck'));
  return ids;
}

describe('a storm', () => {
  it('when 25 of one kind begin at once, then one message tells their number, and one that all are over', async () => {
    const { clock } = environment;
    const receiver = await environment.receiver(() => 200);
    const ids = await raiseMany(25);
    await environment.raise('no_worker', 'worker');
    environment.alerting({ webhook: webhookAt(receiver) });
    environment.alerting({ webhook: webhookAt(receiver) });
    await environment.untilQuiet();
    // Another kind is no part of the storm.
    expect(messagesOf(receiver.received).map(({ data }) => data.kind)).toEqual(['no_worker']);
    clock.nowMs += SUMMARY_PAUSE_MS;
    await eventually('the summary is told', () => receiver.received.length === 2);
    expect(messagesOf(receiver.received)[1]).toMatchObject({
      type: 'anomaly.opened',
      data: {
        kind: 'order_stuck',
        severity: 'page',
        count: 25,
        merchantOrderNo: null,
        detail: expect.stringMatching(/^25 of this kind/),
        consoleUrl: `${PUBLIC_URL}/console/anomalies`,
      },
    });
    for (const id of ids.slice(1)) await environment.heal(id);
    await environment.untilQuiet();
    clock.nowMs += QUARTER_MS + SLACK_MS;
    await environment.untilQuiet();
    expect(receiver.received).toHaveLength(2);
    await environment.heal(ids[0] ?? '');
    await environment.untilQuiet();
    clock.nowMs += SLACK_MS;
    await eventually('the end is told', () => receiver.received.length === 3);
    await environment.untilQuiet();
    expect(messagesOf(receiver.received)[2]).toMatchObject({
      type: 'anomaly.recovered',
      data: { kind: 'order_stuck', count: 25, detail: 'all 25 of them are over' },
    });
    expect(new Set(idsOf(receiver.received)).size).toBe(3);
  });

  it('when 20 begin, then each is told; when more follow within five minutes, then a summary tells of those', async () => {
    const { clock } = environment;
    const receiver = await environment.receiver(() => 200);
    environment.alerting({ webhook: webhookAt(receiver) });
    const first = await raiseMany(20);
    await eventually('each is told', () => receiver.received.length === 20);
    await environment.untilQuiet();
    await raiseMany(3);
    await environment.untilQuiet();
    clock.nowMs += SUMMARY_PAUSE_MS;
    await eventually('the summary is told', () => receiver.received.length === 21);
    await environment.heal(first[0] ?? '');
    await eventually('the end of what was told by itself is told', () => {
      return receiver.received.length === 22;
    });
    await environment.untilQuiet();
    const [summary, end] = messagesOf(receiver.received).slice(20);
    expect(summary?.data).toMatchObject({ count: 3, merchantOrderNo: null });
    expect(end?.type).toBe('anomaly.recovered');
    expect(end?.data.merchantOrderNo).not.toBeNull();
  });

  it('when the storm has passed for five minutes, then the next ones are told by themselves', async () => {
    const { clock } = environment;
    const receiver = await environment.receiver(() => 200);
    await raiseMany(21);
    environment.alerting({ webhook: webhookAt(receiver) });
    await environment.untilQuiet();
    clock.nowMs += 301_000;
    await eventually('the summary is told', () => receiver.received.length === 1);
    await raiseMany(2);
    await eventually('the next ones are told', () => receiver.received.length === 3);
    expect(messagesOf(receiver.received).map(({ data }) => data.count)).toEqual([21, 1, 1]);
  });
});
