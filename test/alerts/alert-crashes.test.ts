/** Processes that are killed while they plan or deliver: told at least once, under the same id. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import {
  type AlertEnvironment,
  alertEnvironment,
  idsOf,
  replacing,
  typesOf,
  webhookAt,
} from './alert-environment.js';

const LEASE_MS = 30_000;

let environment: AlertEnvironment;

beforeEach(async () => {
  environment = await alertEnvironment();
});
afterEach(async () => {
  await environment.close();
});

describe('a process that dies', () => {
  it('when it is killed between delivery and mark, then another one tells again under the same id, after the lease', async () => {
    const { alerts, clock } = environment;
    const receiver = await environment.receiver(() => 200);
    const killed = replacing(alerts, {
      releaseTold: async () => {
        throw new Error('killed');
      },
    });
    const first = environment.alerting({ webhook: webhookAt(receiver), alerts: killed });
    await environment.raise('late_payment');
    await eventually('it is told', () => receiver.received.length === 1);
    await first.stop(5_000);
    environment.alerting({ webhook: webhookAt(receiver) });
    await environment.raise('late_payment');
    await eventually('another one is told', () => receiver.received.length === 2);
    clock.nowMs += LEASE_MS;
    await eventually('the first one is told again', () => receiver.received.length === 3);
    await environment.untilQuiet();
    const [id, idOfOther, idAgain] = idsOf(receiver.received);
    expect(idAgain).toBe(id);
    expect(idOfOther).not.toBe(id);
    expect(receiver.received[2]?.body).toBe(receiver.received[0]?.body);
  });

  it.each(['insert', 'known'] as const)(
    'when it is killed at "%s" while it plans, then the next one tells it once',
    async (method) => {
      const { alerts } = environment;
      const receiver = await environment.receiver(() => 200);
      let deaths = 0;
      const killed = replacing(alerts, {
        [method]: async (given: never) => {
          const result = await alerts[method](given);
          deaths += 1;
          if (deaths === 1) throw new Error('killed');
          return result;
        },
      });
      await environment.raise('late_payment');
      environment.alerting({ webhook: webhookAt(receiver), alerts: killed });
      await eventually('it is told', () => receiver.received.length > 0);
      await environment.untilQuiet();
      expect(deaths).toBeGreaterThan(0);
      expect(receiver.received).toHaveLength(1);
    },
  );

  it('when all are started anew, then nothing is told again, and an end that came meanwhile is', async () => {
    const receiver = await environment.receiver(() => 200);
    const before = environment.alerting({ webhook: webhookAt(receiver) });
    const lasting = await environment.raise('late_payment');
    const ending = await environment.raise('late_payment');
    await eventually('both are told', () => receiver.received.length === 2);
    await environment.untilQuiet();
    await before.stop(5_000);
    await environment.heal(ending);
    environment.alerting({ webhook: webhookAt(receiver) });
    await eventually('the end is told', () => receiver.received.length === 3);
    await environment.untilQuiet();
    expect(typesOf(receiver.received).slice(2)).toEqual(['anomaly.recovered']);
    expect(receiver.received[2]?.body).toContain(Buffer.from(ending).toString('base64url'));
    expect(receiver.received[2]?.body).not.toContain(Buffer.from(lasting).toString('base64url'));
  });

  it('when it sees an anomaly open that ends meanwhile, then the end is not lost', async () => {
    const { anomalies } = environment;
    const receiver = await environment.receiver(() => 200);
    const id = await environment.raise('late_payment');
    let isHealed = false;
    const slow = replacing(anomalies, {
      listUntold: async (limit: number) => {
        const seen = await anomalies.listUntold(limit);
        if (!isHealed) {
          isHealed = true;
          await environment.heal(id);
          // Another process takes the end up before this one has written anything.
          for (const anomaly of await anomalies.listUntold(limit))
            await anomalies.markTold(anomaly);
        }
        return seen;
      },
    });
    environment.alerting({ webhook: webhookAt(receiver), anomalies: slow });
    await eventually('both are told', () => receiver.received.length === 2);
    await environment.untilQuiet();
    expect(typesOf(receiver.received)).toEqual(['anomaly.opened', 'anomaly.recovered']);
  });
});
