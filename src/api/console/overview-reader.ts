/** Reads the overview: for all sessions together one at a time, and not again within a second. */
import type { OrderStatusCount } from '../../store/order-store.js';
import type { ApiDependencies } from '../dependencies.js';
import { fromRecord } from '../order-reader.js';
import type { Overview } from './console-contract.js';
import {
  FINAL_STATUSES,
  OPEN_STATUSES,
  OVERVIEW_ANOMALIES_MAX,
  overviewBegin,
  PAGING_KINDS,
  presentOverview,
} from './overview.js';

const KEPT_MS = 1_000;
/** Those that nobody has acknowledged are looked for among so many of the latest that page. */
const PAGING_ANOMALIES_MAX = 500;
/** Final orders are all there ever were: counting them may take this share of the time, whatever their number. */
const COUNTING_SHARE = 0.1;

export type OverviewPorts = Pick<
  ApiDependencies,
  'orders' | 'anomalies' | 'statistics' | 'checkReadiness' | 'isWorkerPolling' | 'now'
>;

/**
 * @returns reads the overview; rejects with a {@link DomainError} `unavailable` when the record does not answer and has
 * not answered before. Later the figures of then are told, with their time, and that MongoDB is down
 */
export function createOverviewReader(ports: OverviewPorts): () => Promise<Overview> {
  const { now } = ports;
  const countFinal = rarely(ports, async () => await ports.orders.statusCounts(FINAL_STATUSES));
  let running: Promise<Overview> | null = null;
  let last: { readonly overview: Overview; readonly readAtMs: number } | null = null;

  const read = async (): Promise<Overview> => {
    const parts = await readParts(ports);
    try {
      const figures = await fromRecord(readFigures(ports, countFinal));
      return presentOverview({ ...figures, parts, nowMs: now() });
    } catch (error) {
      if (last === null) throw error;
      return { ...last.overview, parts: { ...parts, mongodb: 'down' } };
    }
  };
  return async () => {
    if (last !== null && now() - last.readAtMs < KEPT_MS) return last.overview;
    running ??= read()
      .then((overview) => {
        last = { overview, readAtMs: now() };
        return overview;
      })
      .finally(() => {
        running = null;
      });
    return await running;
  };
}

async function readParts({
  checkReadiness,
  isWorkerPolling,
}: OverviewPorts): Promise<Overview['parts']> {
  const { mongodb = 'unknown', temporal = 'unknown' } = await checkReadiness();
  // Temporal alone knows who polls.
  const worker = temporal === 'down' ? 'unknown' : await stateOf(isWorkerPolling());
  return { mongodb, temporal, worker };
}

async function stateOf(isUp: Promise<boolean>): Promise<'up' | 'down' | 'unknown'> {
  return await isUp.then(
    (is) => (is ? 'up' : 'down'),
    () => 'unknown',
  );
}

async function readFigures(
  { orders, anomalies, statistics, now }: OverviewPorts,
  countFinal: () => Promise<readonly OrderStatusCount[]>,
) {
  const [open, final, paging, latest, counts, minutes] = await Promise.all([
    orders.statusCounts(OPEN_STATUSES),
    countFinal(),
    anomalies.listOpenOf(PAGING_KINDS, PAGING_ANOMALIES_MAX),
    anomalies.listOpen(OVERVIEW_ANOMALIES_MAX),
    anomalies.openCounts(),
    statistics.since(overviewBegin(now())),
  ]);
  return {
    statusCounts: [...open, ...final],
    anomalies: [...paging, ...latest],
    openAnomalies: counts.reduce((sum, { count }) => sum + count, 0),
    statistics: minutes,
  };
}

/** Reads anew when so much time has passed that reading takes a small share of it; until then what was read holds. */
function rarely<T>({ now }: Pick<OverviewPorts, 'now'>, read: () => Promise<T>): () => Promise<T> {
  let last: { readonly value: T; readonly untilMs: number } | null = null;
  return async () => {
    const beganAtMs = now();
    if (last !== null && beganAtMs < last.untilMs) return last.value;
    const value = await read();
    const endedAtMs = now();
    last = { value, untilMs: endedAtMs + (endedAtMs - beganAtMs) / COUNTING_SHARE };
    return value;
  };
}
