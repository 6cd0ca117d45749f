/** What a person reads in the Temporal Web UI, asked of the server as the Web UI asks it. */
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewOrder } from '../../src/domain/new-order.js';
import { orderWorkflowId } from '../../src/workflows/order-messages.js';
import { eventually } from '../support/eventually.js';
import { aCallback, factsOf, orderRequest } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

const DEADLINE_MS = 10_000;
let environment: OrderEnvironment;

beforeAll(async () => {
  environment = await devEnvironment(new ScriptedGateway());
}, 60_000);
afterAll(async () => {
  await environment?.close();
});

async function createdOrder(): Promise<NewOrder> {
  const request = orderRequest();
  await environment.messenger.createOrder(request, DEADLINE_MS);
  return request;
}

function runOf({ merchantNo, merchantOrderNo }: NewOrder) {
  const id = orderWorkflowId(merchantNo, merchantOrderNo);
  return environment.client.workflow.getHandle(id);
}

async function attributesOf(request: NewOrder): Promise<Record<string, unknown>> {
  const { typedSearchAttributes } = await runOf(request).describe();
  return Object.fromEntries(
    typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
  );
}

/** As the Web UI asks for it. */
async function currentDetailsOf(request: NewOrder): Promise<string> {
  const metadata = await runOf(request).query<{ currentDetails?: string }, []>(
    '__temporal_workflow_metadata',
  );
  return metadata.currentDetails ?? '';
}

async function paid(request: NewOrder): Promise<void> {
  await environment.messenger.callbackReceived(request, aCallback(factsOf(request)), DEADLINE_MS);
  await eventually('it is paid', async () => (await environment.order(request)).status === 'paid');
}

/** The labels that the Web UI shows beside timers and activities. */
async function summariesOf(request: NewOrder): Promise<readonly string[]> {
  const { events } = await runOf(request).fetchHistory();
  return (events ?? []).flatMap(({ userMetadata }) =>
    userMetadata?.summary == null
      ? []
      : [defaultPayloadConverter.fromPayload<string>(userMetadata.summary)],
  );
}

describe('a run in the Temporal Web UI', () => {
  it('when it is looked at, then summary, details and search attributes tell the order without a payload', async () => {
    const request = await createdOrder();
    const description = await runOf(request).describe();
    expect(await description.staticSummary()).toBe(
      `USD 10.50 · hosted · ${request.merchantOrderNo}`,
    );
    expect(await description.staticDetails()).toContain('does not cancel the order');
    expect(await attributesOf(request)).toMatchObject({
      PaymentStatus: 'pending',
      PaymentChannel: 'hosted',
      CheckCount: 0,
    });
    expect(await runOf(request).query('status')).toMatchObject({ status: 'pending' });
    expect(await runOf(request).query<{ event: string }[], []>('timeline')).toMatchObject([
      { event: 'order.created' },
      { event: 'create.answered' },
    ]);
  });

  it('when an order is open, then the details say what comes next and when, the latest first', async () => {
    const details = await currentDetailsOf(await createdOrder());
    expect(details).toMatch(/^### pending\n/);
    expect(details).toMatch(/\*\*Next:\*\* check 1 of \d+ at \d{4}-\d\d-\d\d [\d:.]+ UTC\./);
    expect(details.indexOf('The gateway accepted the order.')).toBeLessThan(
      details.indexOf('The order was accepted.'),
    );
  });

  it('when an order is paid, then details and labels say how we know', async () => {
    const request = await createdOrder();
    await paid(request);
    expect(await currentDetailsOf(request)).toMatch(
      /### paid\n.*How we know:\*\* decided by callback at .*nothing more is due/s,
    );
    const summaries = await summariesOf(request);
    expect(summaries).toContain('create at the gateway');
    expect(summaries.some((text) => /check 1 of \d+/.test(text))).toBe(true);
    expect(summaries.some((text) => text.includes('Paid: signed by the gateway'))).toBe(true);
    expect(summaries.every((text) => text.length <= 120)).toBe(true);
  });

  it('when a run was lost and another is started from the record, then it is found by its status as well', async () => {
    const request = await createdOrder();
    await runOf(request).terminate('lost');
    await environment.messenger.checkDue(
      request,
      { requestedBy: 'sweep', actor: 'sweep' },
      DEADLINE_MS,
    );
    await eventually(
      'the new run is searchable',
      async () => (await attributesOf(request)).PaymentStatus === 'pending',
    );
    expect(await attributesOf(request)).toMatchObject({ PaymentChannel: 'hosted', CheckCount: 0 });
  });
});
