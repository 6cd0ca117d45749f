/** Receivers that fail and a database that is away: tried again, given up after a day, nobody else held up. */
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../src/chaos/addresses.js';
import { Secret } from '../../src/config/secret.js';
import { eventually } from '../support/eventually.js';
import {
  type AlertEnvironment,
  alertEnvironment,
  idsOf,
  replacing,
  typesOf,
  webhookAt,
} from './alert-environment.js';

const DAY_MS = 86_400_000;

let environment: AlertEnvironment;

beforeEach(async () => {
  environment = await alertEnvironment();
});
afterEach(async () => {
  await environment.close();
});

/** A logger whose lines can be read. */
function listeningLogger() {
  const lines: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  return { logger, lines };
}

describe('a receiver that fails', () => {
  it('when it is away and comes back, then it gets the same message under the same id, and its end after it', async () => {
    let status = 503;
    const { clock } = environment;
    const receiver = await environment.receiver(() => status);
    const results: string[] = [];
    environment.alerting({
      webhook: webhookAt(receiver),
      observeAttempt: (destination, result) => results.push(`${destination} ${result}`),
    });
    const id = await environment.raise('late_payment');
    for (const pauseMs of [0, 5_000, 15_000, 30_000]) {
      clock.nowMs += pauseMs;
      const attempts = receiver.received.length;
      await eventually('it is attempted', () => receiver.received.length > attempts);
      await environment.untilQuiet();
    }
    await environment.heal(id);
    await environment.untilQuiet();
    status = 200;
    clock.nowMs += 60_000;
    await eventually('both are delivered', () => receiver.received.length === 6);
    await environment.untilQuiet();
    expect(typesOf(receiver.received)).toEqual([
      ...Array.from({ length: 5 }, () => 'anomaly.opened'),
      'anomaly.recovered',
    ]);
    expect(new Set(idsOf(receiver.received)).size).toBe(2);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(2);
    expect(results).toEqual([
      ...Array.from({ length: 4 }, () => 'webhook failed'),
      ...['webhook delivered', 'webhook delivered'],
    ]);
  });

  it('when it is away for a day, then it is given up, with an error in the log, and its end is not told', async () => {
    let status = 503;
    const { clock } = environment;
    const receiver = await environment.receiver(() => status);
    const { logger, lines } = listeningLogger();
    const results: string[] = [];
    environment.alerting({
      webhook: webhookAt(receiver),
      logger,
      observeAttempt: (_destination, result) => results.push(result),
    });
    const id = await environment.raise('late_payment');
    await eventually('it is attempted', () => results.length === 1);
    await environment.untilQuiet();
    clock.nowMs += DAY_MS;
    await eventually('it is given up', () => results.length === 2);
    status = 200;
    await environment.heal(id);
    await environment.untilQuiet();
    expect(results).toEqual(['failed', 'expired']);
    expect(receiver.received).toHaveLength(1);
    expect(lines.some((line) => line.includes('alerts.expired'))).toBe(true);
  });

  it('when it says that it is gone, then this alert is not tried again, and the next one is', async () => {
    const receiver = await environment.receiver(() => 410);
    const results: string[] = [];
    environment.alerting({
      webhook: webhookAt(receiver),
      observeAttempt: (_destination, result) => results.push(result),
    });
    await environment.raise('late_payment');
    await eventually('it is attempted', () => results.length === 1);
    environment.clock.nowMs += DAY_MS / 2;
    await environment.raise('late_payment');
    await eventually('the next is attempted', () => results.length === 2);
    await environment.untilQuiet();
    expect(results).toEqual(['stopped', 'stopped']);
  });

  it('when one destination hangs, then the other one is told, and the hanging attempts end in time', async () => {
    const hanging = await environment.receiver(() => null);
    const webhook = await environment.receiver(() => 200);
    const results: string[] = [];
    environment.alerting({
      webhook: webhookAt(webhook),
      slackUrl: new Secret(hanging.url),
      timeoutMs: 1_500,
      observeAttempt: (destination, result) => results.push(`${destination} ${result}`),
    });
    for (let count = 0; count < 8; count += 1) await environment.raise('late_payment');
    const told = () => results.filter((result) => result === 'webhook delivered').length;
    await eventually('the webhook has all', () => told() === 8);
    expect(results).not.toContain('slack delivered');
    await eventually('an attempt to tell Slack ends', () => results.includes('slack failed'));
  });

  it('when Slack cannot be reached, then its address is in no line of the log', async () => {
    const { logger, lines } = listeningLogger();
    const port = await freePort();
    const results: string[] = [];
    environment.alerting({
      slackUrl: new Secret(`http://127.0.0.1:${port}/services/T0/B0/hidden`),
      logger,
      observeAttempt: (_destination, result) => results.push(result),
    });
    await environment.raise('late_payment');
    await eventually('it is attempted', () => results.length === 1);
    expect(results).toEqual(['failed']);
    expect(lines.join('')).toContain('ECONNREFUSED');
    expect(lines.join('')).not.toMatch(new RegExp(`hidden|${port}`));
  });
});

describe('MongoDB away', () => {
  it('when it comes back, then alerts go on, and the log told of it once', async () => {
    const { anomalies, alerts } = environment;
    const receiver = await environment.receiver(() => 200);
    const { logger, lines } = listeningLogger();
    let isAway = true;
    let failures = 0;
    const failWhileAway = () => {
      if (!isAway) return;
      failures += 1;
      throw new Error('MongoDB is away');
    };
    environment.alerting({
      webhook: webhookAt(receiver),
      logger,
      anomalies: replacing(anomalies, {
        listUntold: async (limit: number) => {
          failWhileAway();
          return await anomalies.listUntold(limit);
        },
      }),
      alerts: replacing(alerts, {
        claimDue: async (...claim: Parameters<typeof alerts.claimDue>) => {
          failWhileAway();
          return await alerts.claimDue(...claim);
        },
      }),
    });
    await environment.raise('late_payment');
    await eventually('it is looked for several times', () => failures > 5);
    isAway = false;
    await eventually('it is told', () => receiver.received.length === 1);
    const about = (event: string) => lines.filter((line) => line.includes(`"${event}"`)).length;
    expect(about('alerts.waiting')).toBe(1);
    expect(about('alerts.resumed')).toBe(1);
  });
});
