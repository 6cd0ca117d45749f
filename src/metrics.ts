import { readFileSync } from 'node:fs';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Source: OpenTelemetry semantic conventions, http.server.request.duration. */
const HTTP_SECONDS_BUCKETS = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];
/** CodePay waits 5 s for the acknowledgement; the aim is 50 ms. */
const ACK_SECONDS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4, 5];
/** From a callback's fraction of a second to the whole check schedule of about 50 minutes. */
const CONFIRMATION_SECONDS_BUCKETS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_200, 3_600];
const GATEWAY_SECONDS_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** The longest schedule has 50 steps. */
const POLL_ATTEMPTS_BUCKETS = [0, 1, 2, 3, 4, 5, 7, 10, 20, 50];
/** Told from the start as 0: an alert on an increase would otherwise miss the first one of its kind. */
const CALLBACK_RESULTS = [
  'stored',
  'repeated',
  'carried',
  'unavailable',
  'internal',
  'signature_missing',
  'signature_invalid',
  'app_unknown',
  'malformed_body',
  'unsupported_media_type',
  'payload_too_large',
] as const;
const CANCEL_RESULTS = ['accepted', 'refused', 'unknown'] as const;

/** Everything a process measures. Labels have few values: never an order number. Durations are seconds. */
export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Makes the metrics of one process, each in a registry of its own.
 *
 * Over 50 lines because it is one list: every metric with its name, help and labels.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  buildInfo(registry);
  const metrics = {
    registry,
    httpRequestDuration: new Histogram({
      name: 'http_server_request_duration_seconds',
      help: 'Duration of HTTP requests served.',
      labelNames: ['http_request_method', 'http_route', 'http_response_status_code'] as const,
      buckets: HTTP_SECONDS_BUCKETS,
      registers,
    }),
    callbacks: new Counter({
      name: 'payments_callbacks_total',
      help: 'Callbacks by what became of them: stored, repeated, carried, unavailable, or why they were refused.',
      labelNames: ['result'] as const,
      registers,
    }),
    callbackAcknowledgement: new Histogram({
      name: 'payments_callback_ack_seconds',
      help: 'Time from the arrival of a callback to its acknowledgement.',
      buckets: ACK_SECONDS_BUCKETS,
      registers,
    }),
    gatewayRequests: new Counter({
      name: 'payments_gateway_requests_total',
      help: 'Calls to the gateway by operation and outcome.',
      labelNames: ['operation', 'outcome'] as const,
      registers,
    }),
    gatewayRequestDuration: new Histogram({
      name: 'payments_gateway_request_duration_seconds',
      help: 'Duration of calls to the gateway.',
      labelNames: ['operation'] as const,
      buckets: GATEWAY_SECONDS_BUCKETS,
      registers,
    }),
    orders: new Counter({
      name: 'payments_orders_total',
      help: 'Orders that reached a status.',
      labelNames: ['channel', 'status'] as const,
      registers,
    }),
    orderConfirmation: new Histogram({
      name: 'payments_order_confirmation_seconds',
      help: 'Time from the creation of an order to the proof that it is paid, by what brought it: callback, poll, verify or operator.',
      labelNames: ['channel', 'source'] as const,
      buckets: CONFIRMATION_SECONDS_BUCKETS,
      registers,
    }),
    pollAttempts: new Histogram({
      name: 'payments_poll_attempts',
      help: 'Scheduled checks that were done when an order became final for the first time.',
      buckets: POLL_ATTEMPTS_BUCKETS,
      registers,
    }),
    cancels: new Counter({
      name: 'payments_cancels_total',
      help: 'Cancel calls to the gateway by result.',
      labelNames: ['result'] as const,
      registers,
    }),
    eventDeliveries: new Counter({
      name: 'payments_event_deliveries_total',
      help: "Attempts to deliver an event to the merchant's webhook: delivered, failed, stopped or exhausted.",
      labelNames: ['result'] as const,
      registers,
    }),
    alerts: new Counter({
      name: 'payments_alerts_total',
      help: 'Attempts to tell people of an anomaly, by destination: delivered, failed, stopped or expired.',
      labelNames: ['destination', 'result'] as const,
      registers,
    }),
    repairs: new Counter({
      name: 'payments_repairs_total',
      help: 'What the sweep brought back: callbacks that were never delivered, orders whose workflow was gone or behind.',
      labelNames: ['kind'] as const,
      registers,
    }),
    latePaid: new Counter({
      name: 'payments_late_paid_total',
      help: 'Payments that arrived after their order was closed.',
      registers,
    }),
  };
  for (const result of CALLBACK_RESULTS) metrics.callbacks.inc({ result }, 0);
  for (const result of CANCEL_RESULTS) metrics.cancels.inc({ result }, 0);
  return metrics;
}

function buildInfo(registry: Registry): void {
  const packageJson = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(packageJson) as { version: string };
  new Gauge({
    name: 'payments_build_info',
    help: 'Always 1; the labels tell what is running.',
    labelNames: ['version', 'node_version'] as const,
    registers: [registry],
  }).set({ version, node_version: process.version }, 1);
}
