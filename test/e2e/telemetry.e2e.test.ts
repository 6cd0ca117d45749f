import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../src/chaos/addresses.js';
import { eventually } from '../support/eventually.js';
import { type ServiceUnderTest, startService } from '../support/service-processes.js';

/** The real processes with traces on: one trace from the merchant's request to the call to the gateway. */
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** Source: OTLP trace.proto, Span.SpanKind. */
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
}

interface TraceExport {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const SERVER_KIND = 2;
const CLIENT_KIND = 3;
const DESCRIPTION = 'two tickets for Jane Roe';

const spans: Span[] = [];
let received = '';
const collector = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const text = Buffer.concat(chunks).toString();
    received += text;
    for (const { scopeSpans } of (JSON.parse(text) as TraceExport).resourceSpans) {
      spans.push(...scopeSpans.flatMap((scope) => scope.spans));
    }
    response.setHeader('Content-Type', 'application/json').end('{}');
  });
});
let service: ServiceUnderTest;
let temporalMetricsUrl: string;
const merchantOrderNo = `TRACE-${randomBytes(8).toString('hex')}`;
const traceId = randomBytes(16).toString('hex');

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  const temporalMetricsPort = await freePort();
  temporalMetricsUrl = `http://127.0.0.1:${temporalMetricsPort}/metrics`;
  service = await startService({
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      TEMPORAL_METRICS_PORT: String(temporalMetricsPort),
    },
  });
  await service.demo.control(`/orders/${merchantOrderNo}/scenario`, {
    ...{ scenario: 'callback_lost', payAfterMs: 500 },
  });
  const response = await fetch(`${service.apiUrl}/v1/orders?note=not-to-be-seen`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${service.apiKey}`,
      traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
      baggage: 'payer=jane-roe',
    },
    body: JSON.stringify({
      ...{ merchantOrderNo, channel: 'hosted', amount: 1_050, currency: 'USD' },
      description: DESCRIPTION,
      checks: { strategy: 'progressive', schedule: ['2s', '2s', '60s'] },
    }),
  });
  expect(response.status, await response.text()).toBe(201);
});
afterAll(async () => {
  await service?.close();
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

function ancestorsOf(span: Span): readonly Span[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return parent === undefined ? [] : [parent, ...ancestorsOf(parent)];
}

it('when a merchant creates an order, then one trace leads from the request to the gateway', async () => {
  // The span of a run is told when the run ends; all that it calls hang below it.
  const run = await eventually(
    'the run has ended',
    async () => spans.find(({ name }) => name === 'RunWorkflow:orderPayment'),
    60_000,
  );
  const call = spans.find(
    (span) => span.kind === CLIENT_KIND && ancestorsOf(span)[0]?.name === 'RunActivity:createOrder',
  );
  expect(call?.traceId).toBe(traceId);
  expect(call === undefined ? [] : ancestorsOf(call).map(({ name }) => name)).toEqual([
    'RunActivity:createOrder',
    'StartActivity:createOrder',
    'RunWorkflow:orderPayment',
    'UpdateWithStartWorkflow:orderCreated',
    'POST /v1/orders',
  ]);
  expect(ancestorsOf(run).at(-1)?.kind).toBe(SERVER_KIND);
  const update = spans.find(({ name }) => name === 'HandleUpdate:orderCreated');
  expect(update === undefined ? [] : ancestorsOf(update).map(({ name }) => name)).toEqual([
    'UpdateWithStartWorkflow:orderCreated',
    'POST /v1/orders',
  ]);
});

it('when traces are sent, then nothing in them is a secret, a query or about the payer', () => {
  expect(received).toContain('http.request.method');
  for (const text of [DESCRIPTION, 'not-to-be-seen', 'jane-roe', service.apiKey, 'Bearer']) {
    expect(received).not.toContain(text);
  }
});

it('when lines of API and worker are laid together, then trace, order and run are the same', async () => {
  const lineOf = (process: 'api' | 'worker', event: string) =>
    service[process]
      .tail()
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find((line) => line.event === event && line.merchantOrderNo === merchantOrderNo);
  const common = { merchantOrderNo, traceId, workflowId: expect.stringContaining(merchantOrderNo) };
  await eventually(
    'the request is logged',
    async () => lineOf('api', 'request.completed') !== undefined,
    10_000,
  );
  expect(lineOf('api', 'request.completed')).toMatchObject({
    ...common,
    requestId: expect.any(String),
  });
  expect(lineOf('worker', 'gateway.called')).toMatchObject({
    ...common,
    ...{ operation: 'create', outcome: 'accepted', attempt: 1 },
    runId: expect.any(String),
    activityId: expect.any(String),
    durationMs: expect.any(Number),
  });
});

it('when the SDK’s metrics are scraped, then durations are in seconds and counters end in total', async () => {
  const text = await (await fetch(temporalMetricsUrl)).text();
  const names = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  expect(names.length).toBeGreaterThan(5);
  const ofType = (type: string) => names.filter(([, , t]) => t === type).map(([, name]) => name);
  for (const name of ofType('counter')) expect(name).toMatch(/^temporal_\w+_total$/);
  const latencies = ofType('histogram').filter((name) => name?.includes('latency'));
  for (const name of latencies) expect(name).toMatch(/^temporal_\w+_seconds$/);
  expect(latencies).toContain('temporal_workflow_task_schedule_to_start_latency_seconds');
  expect(latencies).toContain('temporal_activity_execution_latency_seconds');
  expect(text).toMatch(/^temporal_num_pollers\{[^}]*poller_type="workflow_task"/m);
});
