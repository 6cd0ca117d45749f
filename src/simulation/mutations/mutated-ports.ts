/** Broken variants of what the service does with its stores. */
import { closingEntry } from '../../domain/closing.js';
import type { Order } from '../../domain/order.js';
import type { InboxEntry } from '../../store/callback-store.js';
import type { StoredOrder } from '../../store/order-store.js';
import type { Stores } from '../../store/stores.js';
import { isActive } from './active-mutation.js';

const REMEMBERED_MS = 8_000;

/** Changes the stores of one process in place, when a mutation of theirs is active. */
export function mutateStores(stores: Stores): void {
  if (isActive('sweep_sees_nothing')) stores.orders.overdue = async () => [];
  if (isActive('events_forgotten')) {
    const append = stores.events.append.bind(stores.events);
    stores.events.append = async (event, options) => {
      await append(event, options).catch(() => {});
    };
  }
}

/** As {@link mutateStores}, for an API process alone. */
export function mutateApiStores(stores: Stores, now: () => number): void {
  if (isActive('acknowledged_unsaved')) {
    const insert = stores.callbacks.insert.bind(stores.callbacks);
    stores.callbacks.insert = async (entry): Promise<{ isNew: boolean; entry: InboxEntry }> => {
      try {
        return await insert(entry);
      } catch {
        const { receivedAt } = entry;
        const saved = { deliveredAt: null, processedAt: receivedAt, outcome: null };
        return { isNew: true, entry: { ...entry, ...saved, lastReceivedAt: receivedAt, count: 1 } };
      }
    };
  }
  if (isActive('reader_remembers')) rememberReads(stores, now);
}

function rememberReads(stores: Stores, now: () => number): void {
  const find = stores.orders.find.bind(stores.orders);
  const remembered = new Map<
    string,
    { readonly atMs: number; readonly stored: StoredOrder | null }
  >();
  stores.orders.find = async (orderId) => {
    const known = remembered.get(orderId);
    if (known !== undefined && now() - known.atMs < REMEMBERED_MS) return known.stored;
    const stored = await find(orderId);
    remembered.set(orderId, { atMs: now(), stored });
    return stored;
  };
}

/** Whether an insertion whose key is taken passes for one that was made. */
export function hidesDuplicate(collection: string): boolean {
  return isActive('entry_overwritten') && collection === 'audit';
}

/** What an API would do that writes by itself. */
export async function writeBesideTheWorkflow(stores: Stores, order: Order): Promise<void> {
  const stored = await stores.orders.load(`${order.merchantNo}/${order.merchantOrderNo}`);
  if (stored === null || stored.order.status !== 'pending') return;
  const at = new Date(Date.now()).toISOString();
  await stores.orders.record({
    orderId: `${order.merchantNo}/${order.merchantOrderNo}`,
    before: stored,
    transitionId: `api/${at}`,
    drafts: [closingEntry(stored.order, 'merchant', 'api', at)],
    anomalies: [],
    healedAnomalies: [],
    processedCallbackIds: [],
  });
}
