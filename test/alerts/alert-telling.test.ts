/** Every episode of an anomaly is told once, and its end once; who needs nobody is not told. */
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/config/secret.js';
import { signingSecret } from '../events/event-environment.js';
import { eventually } from '../support/eventually.js';
import {
  type AlertEnvironment,
  alertEnvironment,
  idsOf,
  messagesOf,
  PUBLIC_URL,
  replacing,
  SECRET,
  typesOf,
  webhookAt,
} from './alert-environment.js';

let environment: AlertEnvironment;

beforeEach(async () => {
  environment = await alertEnvironment();
});
afterEach(async () => {
  await environment.close();
});

describe('an anomaly', () => {
  it('when it opens and ends, then each is told once, signed by every secret, with links', async () => {
    const { anomalies, clock } = environment;
    const receiver = await environment.receiver(() => 204);
    const secrets = [SECRET, signingSecret()];
    environment.alerting({ webhook: webhookAt(receiver, secrets) });
    const subject = 'M1001/A*1|@7';
    const openedAt = new Date(clock.nowMs).toISOString();
    const id = await environment.raise('amount_mismatch', subject, 'its amount differs');
    await eventually('it is told', () => receiver.received.length === 1);
    await environment.untilQuiet();
    clock.nowMs += 60_000;
    await environment.raise('amount_mismatch', subject, 'seen again');
    await environment.untilQuiet();
    const recoveredAt = new Date(clock.nowMs).toISOString();
    await environment.heal(id);
    await eventually('its end is told', () => receiver.received.length === 2);
    await environment.untilQuiet();
    const told = receiver.received.map(({ headers, body }) => {
      for (const secret of secrets) {
        new Webhook(secret).verify(body, headers as Record<string, string>);
      }
      return JSON.parse(body);
    });
    const data = {
      id: Buffer.from(id).toString('base64url'),
      kind: 'amount_mismatch',
      severity: 'page',
      title: 'Paid amount is not ours',
      meaning: expect.stringContaining('another amount'),
      detail: 'its amount differs',
      merchantOrderNo: 'A*1|@7',
      openedAt,
      runbookUrl: `${PUBLIC_URL}/docs/runbooks/amount-mismatch`,
      consoleUrl: `${PUBLIC_URL}/console/orders/A*1%7C%407`,
    };
    expect(told).toEqual([
      {
        type: 'anomaly.opened',
        timestamp: openedAt,
        data: { ...data, recoveredAt: null, count: 1 },
      },
      {
        type: 'anomaly.recovered',
        timestamp: recoveredAt,
        data: { ...data, recoveredAt, count: 2 },
      },
    ]);
    expect(new Set(idsOf(receiver.received)).size).toBe(2);
    expect((await anomalies.find(id))?.isUntold).toBe(false);
  });

  it('when many processes tell at once, then each episode and each end is told once to each destination', async () => {
    const webhook = await environment.receiver(() => 200);
    const slack = await environment.receiver(() => 200);
    for (let process = 0; process < 3; process += 1) {
      environment.alerting({ webhook: webhookAt(webhook), slackUrl: new Secret(slack.url) });
    }
    const raised = await Promise.all(
      Array.from({ length: 8 }, async () => await environment.raise('late_payment')),
    );
    await eventually('all are told', () => webhook.received.length >= raised.length);
    await environment.untilQuiet();
    await Promise.all(raised.map(async (id) => await environment.heal(id)));
    await eventually('all ends are told', () => webhook.received.length >= 2 * raised.length);
    await environment.untilQuiet();
    expect(webhook.received).toHaveLength(2 * raised.length);
    expect(slack.received).toHaveLength(2 * raised.length);
    expect(new Set(idsOf(webhook.received)).size).toBe(2 * raised.length);
  });

  it('when it comes back after its end, then it is told anew, and only after that end', async () => {
    let status = 500;
    const { clock } = environment;
    const receiver = await environment.receiver(() => status);
    environment.alerting({ webhook: webhookAt(receiver) });
    const id = await environment.raise('contradiction', 'M1001/A-1');
    await eventually('the first attempt fails', () => receiver.received.length === 1);
    await environment.untilQuiet();
    clock.nowMs += 1_000;
    await environment.heal(id);
    clock.nowMs += 1_000;
    await environment.raise('contradiction', 'M1001/A-1');
    await eventually('both are planned', async () => (await plannedOf(id)) === 2);
    status = 200;
    const delivered = () => receiver.received.slice(1);
    await eventually('all is told', () => {
      clock.nowMs += 500;
      return delivered().length === 3;
    });
    await environment.untilQuiet();
    expect(typesOf(delivered())).toEqual(['anomaly.opened', 'anomaly.recovered', 'anomaly.opened']);
    const [first, over, second] = messagesOf(delivered());
    expect(over?.data.openedAt).toBe(first?.data.openedAt);
    expect(second?.data.openedAt).not.toBe(first?.data.openedAt);
    expect(new Set(idsOf(delivered())).size).toBe(3);
  });

  it('when it is not about one order, then its link is the list', async () => {
    const receiver = await environment.receiver(() => 200);
    environment.alerting({ webhook: webhookAt(receiver) });
    await environment.raise('no_worker', 'worker');
    await eventually('it is told', () => receiver.received.length === 1);
    expect(messagesOf(receiver.received)[0]?.data).toMatchObject({
      merchantOrderNo: null,
      consoleUrl: `${PUBLIC_URL}/console/anomalies`,
    });
  });
});

describe('what needs nobody', () => {
  /** Something that is told, and after which nothing else can still be on its way. */
  async function markerIsTold(received: readonly { readonly body: string }[]): Promise<void> {
    await environment.raise('no_worker', 'marker');
    await eventually('the marker is told', () =>
      messagesOf(received).some(({ data }) => data.kind === 'no_worker'),
    );
    await environment.untilQuiet();
  }

  it('when it was acknowledged before it was told, then neither it nor its end is told', async () => {
    const receiver = await environment.receiver(() => 200);
    const id = await environment.raise('late_payment');
    await environment.anomalies.acknowledge(id, 'ann');
    environment.alerting({ webhook: webhookAt(receiver) });
    await environment.untilQuiet();
    await environment.heal(id);
    await markerIsTold(receiver.received);
    expect(receiver.received).toHaveLength(1);
  });

  it('when it was acknowledged between planning and telling, then it is not told', async () => {
    const receiver = await environment.receiver(() => 200);
    const { alerts } = environment;
    const id = await environment.raise('late_payment');
    const acknowledging = replacing(alerts, {
      claimDue: async (...claim: Parameters<typeof alerts.claimDue>) => {
        await environment.anomalies.acknowledge(id, 'ann');
        return await alerts.claimDue(...claim);
      },
    });
    environment.alerting({ webhook: webhookAt(receiver), alerts: acknowledging });
    await markerIsTold(receiver.received);
    expect(receiver.received).toHaveLength(1);
  });

  it('when it was acknowledged after it was told, then its end is told', async () => {
    const receiver = await environment.receiver(() => 200);
    environment.alerting({ webhook: webhookAt(receiver) });
    const id = await environment.raise('late_payment');
    await eventually('it is told', () => receiver.received.length === 1);
    await environment.anomalies.acknowledge(id, 'ann');
    await environment.heal(id);
    await eventually('its end is told', () => receiver.received.length === 2);
  });

  it('when a ticket is over before it was told, then nothing is; a page is told with its end, in order', async () => {
    const receiver = await environment.receiver(() => 200);
    await environment.heal(await environment.raise('closing_stuck'));
    await environment.heal(await environment.raise('late_payment', 'M1001/A-2'));
    environment.alerting({ webhook: webhookAt(receiver) });
    await eventually('both are told', () => receiver.received.length === 2);
    await markerIsTold(receiver.received);
    expect(messagesOf(receiver.received).map(({ type, data }) => [type, data.kind])).toEqual([
      ['anomaly.opened', 'late_payment'],
      ['anomaly.recovered', 'late_payment'],
      ['anomaly.opened', 'no_worker'],
    ]);
  });

  it('when it began more than a day ago, then it is no news', async () => {
    const receiver = await environment.receiver(() => 200);
    await environment.raise('late_payment');
    environment.clock.nowMs += 86_400_000;
    environment.alerting({ webhook: webhookAt(receiver) });
    await markerIsTold(receiver.received);
    expect(receiver.received).toHaveLength(1);
  });

  it('when no destination is set, then anomalies stay untold, for the day that one is', async () => {
    const alerting = environment.alerting({});
    const id = await environment.raise('late_payment');
    await alerting.stop(1_000);
    expect((await environment.anomalies.find(id))?.isUntold).toBe(true);
  });
});

async function plannedOf(anomalyId: string): Promise<number> {
  return await environment.connection.model('Alert').countDocuments({ anomalyId });
}
