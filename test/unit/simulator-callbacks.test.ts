/** Callbacks are sent until they are acknowledged exactly, and everything outlives a restart. */

import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { RETRY_GAPS_MS } from '../../src/gateway/simulator/simulator-callbacks.js';
import { type Simulator, startSimulator } from '../../src/gateway/simulator/start-simulator.js';
import { newOrderNo } from '../contract/gateway-contract.js';
import { type SimulatorSubject, simulatorSubject } from '../contract/simulator-subject.js';
import { eventually } from '../support/eventually.js';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startSubject(callbackTimeScale: number): Promise<SimulatorSubject> {
  const subject = await simulatorSubject({ callbackTimeScale });
  cleanups.push(() => subject.close());
  return subject;
}

async function paidOrder(subject: SimulatorSubject): Promise<string> {
  const order = subject.order(newOrderNo());
  await subject.gateway.createOrder(order);
  subject.simulator.control.pay(order.merchantOrderNo);
  return order.merchantOrderNo;
}

function onlyJob(subject: SimulatorSubject, merchantOrderNo: string) {
  const [job] = subject.simulator.control.order(merchantOrderNo).callbacks;
  if (job === undefined) throw new Error('no callback is there');
  return job;
}

describe('the retry schedule', () => {
  it('when it is read, then it is the published one: 15 attempts within 12 hours', () => {
    expect(RETRY_GAPS_MS.map((gapMs) => gapMs / 1_000)).toEqual([
      5, 10, 15, 30, 60, 180, 600, 900, 1800, 1800, 1800, 10800, 10800, 10800,
    ]);
  });

  it.each([
    ['HTTP status 503', { status: 503, body: 'success' }],
    ['other letters', { status: 200, body: 'SUCCESS' }],
    ['a line end', { status: 200, body: 'success\n' }],
    ['nothing', { status: 200, body: '' }],
    ['HTTP status 201', { status: 201, body: 'success' }],
  ])(
    'when the answer is or has %s, then the same bytes come again until it is success',
    async (_, answer) => {
      const subject = await startSubject(0.01);
      subject.answer = answer;
      const merchantOrderNo = await paidOrder(subject);
      await eventually('it came again', () => subject.received.length >= 2);
      expect(onlyJob(subject, merchantOrderNo)).toMatchObject({ delivered: false });
      subject.answer = { status: 200, body: 'success' };
      const job = await eventually('it was acknowledged', () => {
        const current = onlyJob(subject, merchantOrderNo);
        return current.delivered ? current : null;
      });
      expect(job.nextAtMs).toBeNull();
      expect(job.attempts.length).toBe(subject.received.length);
      expect(job.attempts.at(0)).toMatchObject({ status: answer.status, isAcknowledged: false });
      expect(job.attempts.at(-1)).toMatchObject({ status: 200, isAcknowledged: true });
      expect(new Set(subject.received.map(({ body }) => body)).size).toBe(1);
    },
  );

  it('when nobody ever acknowledges, then it gives up after 15 attempts', async () => {
    const subject = await startSubject(0.000001);
    subject.answer = { status: 500, body: '' };
    const merchantOrderNo = await paidOrder(subject);
    const job = await eventually('it gave up', () => {
      const current = onlyJob(subject, merchantOrderNo);
      return current.nextAtMs === null ? current : null;
    });
    expect(job).toMatchObject({ delivered: false });
    expect(job.attempts).toHaveLength(15);
  });

  it('when the merchant cannot be reached, then the attempt says so', async () => {
    const subject = await startSubject(1);
    const { control } = subject.simulator;
    const [sent] = control.sendCallback({ url: 'http://127.0.0.1:9/nobody', fields: { a: '1' } });
    const attempt = await eventually('it was tried', () =>
      control
        .callbacks()
        .find(({ id }) => id === sent?.id)
        ?.attempts.at(0),
    );
    expect(attempt).toMatchObject({ status: null, answer: 'not reachable' });
  });
});

describe('a callback by hand', () => {
  it('when any fields are given, then they are sent signed, with the age that was asked for', async () => {
    const subject = await startSubject(1);
    const merchantOrderNo = await paidOrder(subject);
    await eventually('the first came', () => subject.received.length === 1);
    subject.simulator.control.sendCallback({
      merchantOrderNo,
      fields: { trans_status: '0', merchant_no: 'OTHER' },
      ageMs: 20 * 60_000,
    });
    await eventually('the second came', () => subject.received.length === 2);
    expect(subject.received[1]?.verification).toMatchObject({
      verified: true,
      callback: { isStale: true, facts: { state: 'paying', merchantNo: 'OTHER' } },
    });
  });
});

describe('a restart', () => {
  it('when the simulator comes back, then orders, plans and unsent callbacks go on', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'simulator-'));
    cleanups.push(() => rm(dataDir, { recursive: true }));
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const start = async (): Promise<Simulator> => {
      return await startSimulator({ dataDir, privateKey, merchantPublicKeys: [publicKey] });
    };
    const first = await start();
    const sale = { amountMinor: 500, currency: 'USD', terminalSn: 'T' };
    const [waiting, planned] = [newOrderNo(), newOrderNo()];
    const notifyUrl = 'http://127.0.0.1:9/nobody';
    first.control.startPosSale({ ...sale, merchantOrderNo: waiting, notifyUrl });
    first.control.decline(waiting);
    first.control.setScenario(planned, 'paid_after', { payAfterMs: 700 });
    first.control.startPosSale({ ...sale, merchantOrderNo: planned });
    first.control.setPolicies({ replyData: 'object' });
    await first.close();

    const second = await start();
    cleanups.push(() => second.close());
    expect(second.control.order(waiting)).toMatchObject({ state: 'closed', terminalSn: 'T' });
    expect(second.control.order(waiting).callbacks).toMatchObject([{ delivered: false }]);
    expect(second.control.setPolicies({}).replyData).toBe('object');
    await eventually('what was planned happened', () => {
      return second.control.order(planned).state === 'paid';
    });
    expect(await readdir(join(dataDir, 'simulator'))).toEqual(['state.json']);
  });

  it('when the file is broken, then it starts empty and writes a good one', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'simulator-'));
    cleanups.push(() => rm(dataDir, { recursive: true }));
    await (await startSimulator({ dataDir })).close();
    const file = join(dataDir, 'simulator', 'state.json');
    await writeFile(file, '{"version":1,"state":{"ord');
    const simulator = await startSimulator({ dataDir });
    expect(simulator.control.orders()).toEqual([]);
    await simulator.close();
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ state: { orders: [] } });
  });
});
