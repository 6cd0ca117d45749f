/** Reads the overview: for all sessions together one at a time, and not again within a second. */
import type { OrderStatusCount } from '../../store/order-store.js';
import { withDeadline } from '../deadline.js';
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
/** Well below what the whole reading may take. */
const COUNTING_WAIT_MS = 1_000;

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
  const countFinal = rarely<readonly OrderStatusCount[]>(
    ports,
    async () => await ports.orders.statusCounts(FINAL_STATUSES),
    [],
  );
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

/**
 * Counts anew when so much time has passed that counting takes a small share of it, one count at a time. What takes
 * longer than {@link COUNTING_WAIT_MS} goes on in the background, and what was counted before holds: a record that is
 * large is not one that is away.
 */
function rarely<T>(
  { now }: Pick<OverviewPorts, 'now'>,
  read: () => Promise<T>,
  notCounted: T,
): () => Promise<T> {
  let value = notCounted;
  let restsUntilMs: number | null = null;
  let running: Promise<void> | null = null;
  const count = async (): Promise<void> => {
    const beganAtMs = now();
    try {
      value = await read();
    } finally {
      const endedAtMs = now();
      restsUntilMs = endedAtMs + (endedAtMs - beganAtMs) / COUNTING_SHARE;
      running = null;
    }
  };
  return async () => {
    if (restsUntilMs !== null && now() < restsUntilMs) return value;
    running ??= count();
    // A failure is told by the counts of the open orders, which are read beside these.
    await withDeadline(running, COUNTING_WAIT_MS, 'the count').catch(() => undefined);
    return value;
  };
}
