/** What the console shows without being asked again: the overview, and one order. */
import { type Request, type Response, Router } from 'express';
import { orderId } from '../../domain/order.js';
import type { ApiDependencies } from '../dependencies.js';
import { orderNoOf } from '../order-path.js';
import { fromRecord, orderNotFound } from '../order-reader.js';
import { sessionOf } from './console-access.js';
import type { OrderChanged, Overview } from './console-contract.js';
import type { LiveStreams } from './live-streams.js';
import type { SessionEnds } from './session-ends.js';
import { Watch } from './watch.js';

const OVERVIEW_INTERVAL_MS = 2_000;
const ORDER_INTERVAL_MS = 1_000;
/** How soon a logout at another process ends the streams of this one. */
const ENDS_INTERVAL_MS = 2_000;

/** Its paths begin after `/console`. */
export function liveRoutes(
  dependencies: ApiDependencies,
  parts: { readonly readOverview: () => Promise<Overview>; readonly ends: SessionEnds },
): Router {
  const { liveStreams, now } = dependencies;
  const { readOverview, ends } = parts;
  const overviewWatch = new Watch<Overview>({
    read: readOverview,
    markOf: (overview) => JSON.stringify({ ...overview, at: null }),
    intervalMs: OVERVIEW_INTERVAL_MS,
  });
  const orderWatches = new OrderWatches(dependencies);
  const followEnds = endsFollower(liveStreams, ends);
  const router = Router();

  /** @param news.first read before the stream begins, so that a failure is an answer */
  const follow = async <T extends object>(
    exchange: { readonly request: Request; readonly response: Response },
    news: { readonly event: string; readonly first: T; readonly watch: () => Watch<T> },
  ): Promise<void> => {
    const { event, first, watch } = news;
    const { id: sessionId, expiresAtMs } = sessionOf(exchange.request);
    const owner = { sessionId, lastsMs: expiresAtMs - now() };
    const stream = await liveStreams.open(exchange, owner);
    stream.onEnd(followEnds(sessionId));
    stream.send(event, first);
    stream.onEnd(watch().follow((value) => stream.send(event, value), first));
  };

  // Express takes HEAD for a GET: such a stream would have no content and no end.
  router.head('/live{/*path}', (_request, response) => {
    response.status(405).setHeader('Allow', 'GET').end();
  });

  router.get('/live', async (request, response) => {
    const first = await readOverview();
    await follow({ request, response }, { event: 'overview', first, watch: () => overviewWatch });
  });

  router.get('/live/orders/:merchantOrderNo', async (request, response) => {
    const merchantOrderNo = orderNoOf(request);
    const first = await orderWatches.read(merchantOrderNo);
    if (first === null) throw orderNotFound();
    const watch = () => orderWatches.of(merchantOrderNo);
    await follow({ request, response }, { event: 'changed', first, watch });
  });

  return router;
}

/**
 * A stream outlives the request that was let in: while there are any, it is asked whose sessions were ended. While
 * MongoDB does not tell, they go on; there is nothing new to be told then but that it is away.
 */
function endsFollower(liveStreams: LiveStreams, ends: SessionEnds) {
  const nobody: ReadonlySet<string> = new Set();
  const watch = new Watch<ReadonlySet<string>>({
    read: async () => await ends.among(liveStreams.sessionIds),
    markOf: (ended) => [...ended].sort().join(),
    intervalMs: ENDS_INTERVAL_MS,
  });
  /** @returns ends it */
  return (sessionId: string): (() => void) =>
    watch.follow((ended) => {
      if (ended.has(sessionId)) liveStreams.endAllOf(sessionId);
      return true;
    }, nobody);
}

/** One for each order that somebody follows. */
class OrderWatches {
  readonly #watches = new Map<string, Watch<OrderChanged>>();
  readonly #dependencies: Pick<ApiDependencies, 'orders' | 'config'>;

  constructor(dependencies: Pick<ApiDependencies, 'orders' | 'config'>) {
    this.#dependencies = dependencies;
  }

  async read(merchantOrderNo: string): Promise<OrderChanged | null> {
    const { orders, config } = this.#dependencies;
    const id = orderId(config.codepay.merchantNo, merchantOrderNo);
    const stored = await fromRecord(orders.find(id));
    return stored === null ? null : { merchantOrderNo, version: stored.version };
  }

  of(merchantOrderNo: string): Watch<OrderChanged> {
    for (const [key, watch] of this.#watches) if (!watch.isFollowed) this.#watches.delete(key);
    const known = this.#watches.get(merchantOrderNo);
    if (known !== undefined) return known;
    const watch = new Watch<OrderChanged>({
      read: async () => await this.read(merchantOrderNo),
      markOf: ({ version }) => String(version),
      intervalMs: ORDER_INTERVAL_MS,
    });
    this.#watches.set(merchantOrderNo, watch);
    return watch;
  }
}
