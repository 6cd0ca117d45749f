/** What a scrape is told of the record: open orders with the age of the oldest, and open anomalies. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { ANOMALY_KINDS } from '../domain/audit.js';
import { ORDER_STATUSES } from '../domain/order.js';
import { isFinal } from '../domain/order-state.js';
import type { AnomalyStore, OpenAnomalyCount } from '../store/anomaly-store.js';
import type { OrderStatusCount, OrderStore } from '../store/order-store.js';

/** Several scrapers, or an impatient person, cost one reading of the record. */
const KEPT_MS = 5_000;
/** Prometheus gives a scrape up after 10 s by default; the other metrics must arrive in any case. */
const DEADLINE_MS = 2_000;

const OPEN_STATUSES = ORDER_STATUSES.filter((status) => !isFinal(status));

export interface RecordGaugesOptions {
  readonly registry: Registry;
  readonly orders: Pick<OrderStore, 'statusCounts'>;
  readonly anomalies: Pick<AnomalyStore, 'openCounts'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly deadlineMs?: number;
}

interface RecordCounts {
  readonly orders: readonly OrderStatusCount[];
  readonly anomalies: readonly OpenAnomalyCount[];
}

/**
 * Adds the gauges to the registry of one kind of process: the same series from two kinds would be counted twice. While
 * MongoDB does not answer in time they have no series, and the failures are counted.
 */
export function registerRecordGauges(options: RecordGaugesOptions): void {
  const { registry, now } = options;
  const registers = [registry];
  const failures = new Counter({
    name: 'payments_collection_failures_total',
    help: 'Scrapes that had to do without what the record holds, because MongoDB did not answer in time.',
    registers,
  });
  const counts = createRecordReader(options, () => failures.inc());
  const collected = (show: (gauge: Gauge, counts: RecordCounts) => void) =>
    async function collect(this: Gauge) {
      const known = await counts();
      // An old number would look like a true one.
      this.reset();
      if (known !== null) show(this, known);
    };
  new Gauge({
    name: 'payments_orders_open',
    help: 'Orders that are not final, by status.',
    labelNames: ['status'] as const,
    collect: collected((gauge, { orders }) => {
      for (const status of OPEN_STATUSES) {
        gauge.set({ status }, orders.find((count) => count.status === status)?.count ?? 0);
      }
    }),
    registers,
  });
  new Gauge({
    name: 'payments_orders_open_oldest_age_seconds',
    help: 'Age of the oldest order that is not final, by status; 0 when there is none.',
    labelNames: ['status'] as const,
    collect: collected((gauge, { orders }) => {
      for (const status of OPEN_STATUSES) {
        gauge.set({ status }, oldestAgeSeconds(orders, status, now()));
      }
    }),
    registers,
  });
  registerAnomalyGauges(registers, collected);
}

function registerAnomalyGauges(
  registers: Registry[],
  collected: (show: (gauge: Gauge, counts: RecordCounts) => void) => (this: Gauge) => Promise<void>,
): void {
  const byKind = (countOf: (count: OpenAnomalyCount) => number) =>
    collected((gauge, { anomalies }) => {
      for (const kind of ANOMALY_KINDS) {
        const found = anomalies.find((count) => count.kind === kind);
        gauge.set({ kind }, found === undefined ? 0 : countOf(found));
      }
    });
  new Gauge({
    name: 'payments_anomalies_open',
    help: 'Anomalies that have not healed, by kind.',
    labelNames: ['kind'] as const,
    collect: byKind(({ count }) => count),
    registers,
  });
  new Gauge({
    name: 'payments_anomalies_unacknowledged',
    help: 'Anomalies that have not healed and that nobody has taken on, by kind.',
    labelNames: ['kind'] as const,
    collect: byKind(({ unacknowledgedCount }) => unacknowledgedCount),
    registers,
  });
}

/** Clocks of two machines differ: an order is never younger than new. */
function oldestAgeSeconds(
  orders: readonly OrderStatusCount[],
  status: string,
  nowMs: number,
): number {
  const oldest = orders.find((count) => count.status === status)?.oldestCreatedAt;
  return oldest === undefined ? 0 : Math.max(0, (nowMs - Date.parse(oldest)) / 1_000);
}

/** One reading for all gauges of a scrape, and one at a time: a MongoDB that is slow is not asked again meanwhile. */
function createRecordReader(
  { orders, anomalies, now, deadlineMs = DEADLINE_MS }: RecordGaugesOptions,
  failed: () => void,
): () => Promise<RecordCounts | null> {
  let latest: { readonly counts: RecordCounts; readonly readAtMs: number } | null = null;
  let reading: Promise<RecordCounts | null> | null = null;
  let answer: Promise<RecordCounts | null> | null = null;

  async function read(): Promise<RecordCounts | null> {
    try {
      const counts = {
        orders: await orders.statusCounts(OPEN_STATUSES),
        anomalies: await anomalies.openCounts(),
      };
      latest = { counts, readAtMs: now() };
      return counts;
    } catch {
      return null;
    } finally {
      reading = null;
    }
  }

  async function readInTime(): Promise<RecordCounts | null> {
    reading ??= read();
    let timeout: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timeout = setTimeout(() => resolve(null), deadlineMs);
    });
    const counts = await Promise.race([reading, late]);
    clearTimeout(timeout);
    if (counts === null) failed();
    return counts;
  }

  return async () => {
    if (latest !== null && now() - latest.readAtMs < KEPT_MS) return latest.counts;
    answer ??= readInTime().finally(() => {
      answer = null;
    });
    return await answer;
  };
}
