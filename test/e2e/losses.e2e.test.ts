import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PrivateComponent } from '../support/components.js';
import { startMongoDb, startTemporal } from '../support/components.js';
import { eventually } from '../support/eventually.js';
import { type ServiceUnderTest, startService } from '../support/service-processes.js';

/**
 * The real processes, killed as kill -9 does, in the middle of what they do. Temporal and MongoDB are this file's own
 * and keep their data over a restart.
 */
let temporal: PrivateComponent;
let mongodb: PrivateComponent;
let service: ServiceUnderTest;

beforeAll(async () => {
  [temporal, mongodb] = await Promise.all([startTemporal({ persistent: true }), startMongoDb()]);
  service = await startService({
    temporalAddress: temporal.address,
    mongodbUri: mongodb.address,
    environment: { SCHEDULED_CHECK_INTERVAL: '5s' },
  });
});
afterAll(async () => {
  await service?.close();
  await Promise.all([temporal?.dispose(), mongodb?.dispose()]);
});

const LONG_DEADLINE_MS = 60_000;

async function createOrder(
  scenario: string,
  parameters: Record<string, number>,
  schedule: readonly string[],
  { demo }: ServiceUnderTest = service,
): Promise<string> {
  const merchantOrderNo = `LOSS-${randomBytes(8).toString('hex')}`;
  await demo.control(`/orders/${merchantOrderNo}/scenario`, { scenario, ...parameters });
  await demo.createOrder({
    merchantOrderNo,
    channel: 'hosted',
    amount: 1_050,
    currency: 'USD',
    checks: { strategy: 'progressive', schedule },
  });
  return merchantOrderNo;
}

async function becomes(
  merchantOrderNo: string,
  status: string,
  { demo }: ServiceUnderTest = service,
): Promise<void> {
  await eventually(
    `${merchantOrderNo} becomes ${status}`,
    async () => (await demo.order(merchantOrderNo)).status === status,
    LONG_DEADLINE_MS,
  );
}

async function events(merchantOrderNo: string): Promise<string[]> {
  return (await service.demo.audit(merchantOrderNo)).map((entry) => entry.event);
}

async function pay(merchantOrderNo: string): Promise<void> {
  await service.demo.control(`/orders/${merchantOrderNo}/pay`);
}

describe('a worker that is killed', () => {
  it('when it dies in the middle of the schedule, then the next one goes on at the same check', async () => {
    const number = await createOrder('callback_lost', { payAfterMs: 6_000 }, [
      '1s',
      '1s',
      '8s',
      '60s',
    ]);
    await eventually('two checks were made', async () => {
      return (await events(number)).filter((event) => event === 'query.answered').length === 2;
    });
    await service.worker.kill();
    await service.worker.start();
    await becomes(number, 'paid');
    const made = (await events(number)).filter((event) => event === 'query.answered');
    expect(made).toHaveLength(3);
  });

  it('when the callback arrives while no worker runs, then it is acknowledged, and the order is paid by it later', async () => {
    const number = await createOrder('waits', {}, ['60s']);
    await service.worker.kill();
    await pay(number);
    await acknowledged(number);
    await service.worker.start();
    await becomes(number, 'paid');
    expect(await events(number)).toContain('callback.received');
  });
});

/** The simulator keeps every attempt: one was answered as CodePay wants it. */
async function acknowledged(merchantOrderNo: string): Promise<void> {
  await eventually(
    `the callback of ${merchantOrderNo} was acknowledged`,
    async () => {
      const response = await fetch(`${service.simulatorUrl}/control/orders/${merchantOrderNo}`);
      const { callbacks } = (await response.json()) as {
        callbacks: { delivered: boolean }[];
      };
      return callbacks.some(({ delivered }) => delivered);
    },
    LONG_DEADLINE_MS,
  );
}

describe('Temporal that is away', () => {
  it('when a callback arrives meanwhile, then it is acknowledged, and the order is paid by it afterwards', async () => {
    const number = await createOrder('waits', {}, ['120s']);
    await temporal.kill();
    await pay(number);
    await acknowledged(number);
    await temporal.restart();
    await becomes(number, 'paid');
    expect(await events(number)).toContain('callback.received');
  });
});

describe('MongoDB that is away', () => {
  it('when a callback arrives meanwhile, then it is acknowledged, and the order is paid by it afterwards', async () => {
    const number = await createOrder('waits', {}, ['120s']);
    await mongodb.kill();
    await pay(number);
    await acknowledged(number);
    await mongodb.restart();
    await becomes(number, 'paid');
    expect(await events(number)).toContain('callback.received');
  });
});

describe('both away', () => {
  it('when a callback arrives, then it is not acknowledged, and CodePay’s next try is', async () => {
    const number = await createOrder('waits', {}, ['120s']);
    await Promise.all([mongodb.kill(), temporal.kill()]);
    await pay(number);
    await eventually('a try was refused', async () => {
      const response = await fetch(`${service.simulatorUrl}/control/orders/${number}`);
      const { callbacks } = (await response.json()) as {
        callbacks: { attempts: { status: number | null }[] }[];
      };
      return callbacks.some(({ attempts }) => attempts.some(({ status }) => status === 503));
    });
    await Promise.all([mongodb.restart(), temporal.restart()]);
    await acknowledged(number);
    await becomes(number, 'paid');
  });
});

describe('Temporal that has lost everything', () => {
  it('when it comes back empty, then the sweep starts open orders again from their records', async () => {
    const forgetful = await startTemporal();
    const lost = await startService({
      temporalAddress: forgetful.address,
      mongodbUri: mongodb.address,
      environment: { SCHEDULED_CHECK_INTERVAL: '5s' },
    });
    try {
      const number = await createOrder('callback_lost', { payAfterMs: 500 }, ['6s', '60s'], lost);
      await forgetful.kill();
      await forgetful.restart();
      await lost.worker.kill();
      await lost.worker.start();
      await becomes(number, 'paid', lost);
    } finally {
      await lost.close();
      await forgetful.dispose();
    }
  });
});
