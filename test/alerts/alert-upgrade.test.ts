/** A record that was written before there were alerts. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type AlertEnvironment,
  alertEnvironment,
  messagesOf,
  webhookAt,
} from './alert-environment.js';

let environment: AlertEnvironment;

beforeAll(async () => {
  environment = await alertEnvironment();
});

afterAll(async () => await environment.close());

it('when an anomaly has no begin of its last episode, then it is told with its first, and others are told beside it', async () => {
  const { anomalies, alerts, clock, connection } = environment;
  const seenAt = new Date(clock.nowMs - 60_000).toISOString();
  await connection.collection<{ _id: string }>('anomalies').insertOne({
    _id: 'unclosable:M1001/OLD-1',
    ...{ kind: 'unclosable', orderId: 'M1001/OLD-1', detail: 'mute', count: 1 },
    ...{ firstSeenAt: seenAt, lastSeenAt: seenAt, lastTransitionId: 't1' },
    ...{ acknowledgedBy: null, healedAt: null },
  } as { _id: string });
  // As every process does when it starts.
  await anomalies.createIndexes();
  const receiver = await environment.receiver(() => 200);
  await environment.raise('late_payment', 'M1001/NEW-1');
  environment.alerting({ webhook: webhookAt(receiver), alerts });
  await environment.untilQuiet();
  const told = messagesOf(receiver.received).map(({ data }) => [
    data.merchantOrderNo,
    data.openedAt,
  ]);
  expect(told).toContainEqual(['OLD-1', seenAt]);
  expect(told).toHaveLength(2);
});
