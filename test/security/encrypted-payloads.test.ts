/** Attack: read, or change, what the service hands to Temporal, with all that Temporal stores in hand. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import protobuf from 'protobufjs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Secret } from '../../src/config/secret.js';
import { dataConverterOf } from '../../src/temporal/data-converter.js';
import { EncryptingPayloadCodec, type PayloadKey } from '../../src/temporal/payload-codec.js';
import { writePayload } from '../../src/temporal/payload-wire.js';
import { orderWorkflowId } from '../../src/workflows/order-messages.js';
import { problemsOf } from '../support/complete-environment.js';
import { eventually } from '../support/eventually.js';
import { aCallback, answerOf, factsOf, orderRequest } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { workflowBundle } from '../support/order-worker.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

const newKey = (id: string): PayloadKey => ({ id, key: new Secret(randomBytes(32)) });
const [first, second] = [newKey('2026-11'), newKey('2026-12')];

const TYPED = {
  description: 'two tickets for the opera',
  metadata: 'seat-17-in-row-4',
  reason: 'the singer was ill',
} as const;

describe('a life under encryption', () => {
  const gateway = new ScriptedGateway();
  let orders: OrderEnvironment;
  let history: string;
  const request = orderRequest({
    description: TYPED.description,
    metadata: { seat: TYPED.metadata },
    redirectUrl: 'https://shop.example.com/back',
  });
  const { merchantNo, merchantOrderNo } = request;

  beforeAll(async () => {
    orders = await devEnvironment(gateway, { dataConverter: dataConverterOf([second, first]) });
    gateway.script(merchantOrderNo, { query: () => answerOf(request, 'open') });
    await orders.messenger.createOrder(request, 10_000);
    await orders.messenger.verifyNow(request, 1, 10_000);
    await orders.messenger.callbackReceived(request, aCallback(factsOf(request)), 10_000);
    const refundNo = `${merchantOrderNo.slice(0, 20)}-R`;
    gateway.scriptRefund(refundNo, () => ({
      answer: 'succeeded',
      facts: factsOf(request, {
        transactionKind: 'refund',
        amount: 100,
        merchantOrderNo: refundNo,
      }),
      reply: {},
    }));
    await orders.messenger.refund(
      request,
      {
        ...{ refundNo, amount: 100, reason: TYPED.reason, method: 'refund' },
        ...{ requestedBy: 'shop', contentHash: 'content' },
      },
      10_000,
    );
    history = await eventually('every run of the order is listed', async () => {
      const text = await storedHistory();
      return text.includes('orderCreated') && text.includes('refundRequested') ? text : null;
    });
  });

  afterAll(async () => await orders.close());

  /** As Temporal has it: asked for by a client that knows no key. */
  async function storedHistory(): Promise<string> {
    const connection = await Connection.connect({ address: inject('temporalAddress') });
    const client = new Client({ connection });
    const runs: unknown[] = [];
    for await (const { workflowId, runId } of client.workflow.list({
      query: `MerchantOrderNo = '${merchantOrderNo}'`,
    })) {
      const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      runs.push(events);
    }
    await connection.close();
    return JSON.stringify(runs).replaceAll(
      /"data":"([A-Za-z0-9+/=]+)"/g,
      (_all, data: string) => `"data":${Buffer.from(data, 'base64').toString()}`,
    );
  }

  it('when the order is looked at, then all of it went as without encryption', async () => {
    const order = await orders.order(request);
    expect(order).toMatchObject({ paidAmount: 1_050, description: TYPED.description });
    expect(order.refunds).toMatchObject([{ reason: TYPED.reason }]);
    expect(await orders.fault(request)).toBeNull();
    const run = orders.client.workflow.getHandle(orderWorkflowId(merchantNo, merchantOrderNo));
    expect(await run.query('status')).toMatchObject({ status: expect.any(String) });
  });

  it('when Temporal’s data is read, then no text, amount, address or evidence of the order is there', () => {
    // That histories were read, and payloads in them.
    expect(history).toContain('refundRequested');
    expect(history).toContain(Buffer.from('binary/encrypted').toString('base64'));
    for (const text of [
      ...Object.values(TYPED),
      ...['shop.example.com', 'https://pay.example', 'paidAmount', '"amount"', 'G-T-'],
      ...['contentHash', 'callbackId', 'scheduleMs'],
    ]) {
      expect(history.includes(text), text).toBe(false);
    }
  });

  it('when lists and timelines are read, then they tell runs apart: attributes, summaries, key ids', () => {
    expect(history).toContain(`USD 10.50 · hosted · ${merchantOrderNo}`);
    expect(history).toContain('A refund was asked for by shop.');
    expect(history).toContain(Buffer.from(second.id).toString('base64'));
    expect(history).not.toContain(Buffer.from(first.id).toString('base64'));
  });

  it('when the encrypted run is replayed with its keys, then it is the same run; without them it is refused', async () => {
    const handle = orders.client.workflow.getHandle(orderWorkflowId(merchantNo, merchantOrderNo));
    const replay = async (keys: readonly PayloadKey[]) =>
      await Worker.runReplayHistory(
        { workflowBundle: await workflowBundle(), dataConverter: dataConverterOf(keys) },
        await handle.fetchHistory(),
      );
    await replay([newKey('a-newer-one'), second]);
    await expect(replay([first])).rejects.toThrow();
  });
});

describe('histories from before there were keys', () => {
  const folder = new URL('../workflow/histories/', import.meta.url);
  it('when they are replayed with keys, then they replay', async () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const history = historyFromJSON(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
      const dataConverter = dataConverterOf([first]);
      await Worker.runReplayHistory(
        { workflowBundle: await workflowBundle(), dataConverter },
        history,
      );
    }
  });
});

describe('an encrypted payload', () => {
  const codec = new EncryptingPayloadCodec([first]);
  const plain = defaultPayloadConverter.toPayload({ merchantOrderNo: 'A-1', amount: 1_050 });

  async function encoded(): Promise<Payload> {
    const [payload] = await codec.encode([plain]);
    if (payload === undefined) throw new Error('nothing was encoded');
    return payload;
  }

  async function decoded(payload: Payload, keys: readonly PayloadKey[] = [first]) {
    const [opened] = await new EncryptingPayloadCodec(keys).decode([payload]);
    return defaultPayloadConverter.fromPayload(opened ?? {});
  }

  it('when it is opened, then it is what it was, and the same twice looks different', async () => {
    expect(await decoded(await encoded())).toEqual({ merchantOrderNo: 'A-1', amount: 1_050 });
    expect((await encoded()).data).not.toEqual((await encoded()).data);
  });

  it('when the keys are rotated, then the old key still opens and the new one encrypts', async () => {
    expect(await decoded(await encoded(), [second, first])).toMatchObject({ amount: 1_050 });
    const [fresh] = await new EncryptingPayloadCodec([second, first]).encode([plain]);
    expect(Buffer.from(fresh?.metadata?.['encryption-key-id'] ?? []).toString()).toBe(second.id);
  });

  it('when any byte of it is changed, then it is refused with words that say so', async () => {
    const payload = await encoded();
    const data = Buffer.from(payload.data ?? []);
    for (let index = 0; index < data.length; index += 1) {
      const altered = Buffer.from(data);
      altered.writeUInt8(altered.readUInt8(index) ^ 1, index);
      await expect(decoded({ ...payload, data: altered })).rejects.toThrow(/was altered/);
    }
    for (const cut of [0, 1, 12, 27, data.length - 1]) {
      const rest = data.subarray(0, cut);
      await expect(decoded({ ...payload, data: rest })).rejects.toThrow(/was altered/);
    }
  });

  it('when its key is not there, or another one has its id, then that is said and no key is shown', async () => {
    const payload = await encoded();
    await expect(decoded(payload, [second])).rejects.toThrow('has no key "2026-11"');
    const impostor = { ...second, id: first.id };
    await expect(decoded(payload, [impostor])).rejects.toThrow(/the key is another/);
  });

  it('when other SDKs read what was inside, then they find Temporal’s own message', () => {
    const { root } = protobuf.parse(
      'syntax = "proto3"; message Payload { map<string, bytes> metadata = 1; bytes data = 2; }',
    );
    const long = defaultPayloadConverter.toPayload({ text: 'ü'.repeat(20_000) });
    for (const payload of [plain, long]) {
      const read = root.lookupType('Payload').decode(writePayload(payload)).toJSON();
      expect(Buffer.from(String(read.data), 'base64')).toEqual(Buffer.from(payload.data ?? []));
      expect(Buffer.from(read.metadata.encoding, 'base64').toString()).toBe('json/plain');
    }
  });
});

describe('TEMPORAL_PAYLOAD_KEYS', () => {
  const good = randomBytes(32).toString('base64');
  it.each([
    good,
    'a:',
    `a:${randomBytes(31).toString('base64')}`,
    `a:${randomBytes(33).toString('base64')}`,
    `a:${good.slice(0, -1)}`,
    `a b:${good}`,
    `a:${good},a:${good}`,
    `a:${good},b`,
  ])('when it is %s, then the service does not start and shows no key', (keys) => {
    const problems = problemsOf({ TEMPORAL_PAYLOAD_KEYS: keys });
    expect(problems).toEqual([expect.stringMatching(/^TEMPORAL_PAYLOAD_KEYS must be id:key/)]);
    expect(problems.join()).not.toContain(good.slice(0, 20));
  });

  it('when it is right, then the service starts', () => {
    expect(problemsOf({ TEMPORAL_PAYLOAD_KEYS: `b:${good}, a:${good}` })).toEqual([]);
  });
});
