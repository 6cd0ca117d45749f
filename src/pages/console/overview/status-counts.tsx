import type { StatusCount } from '../../../api/console/console-contract.js';
import { STATUS_WORDS } from '../data/status-words.js';
import { Badge } from '../parts/badge.js';
import { EmptyState } from '../parts/empty-state.js';
import { Moment } from '../parts/moment.js';

/** How many orders have each status, each a way to the list of them; of open ones how old the oldest is. */
export function StatusCounts({ statuses }: { readonly statuses: readonly StatusCount[] }) {
  if (statuses.length === 0) {
    return <EmptyState>There are no orders yet. Their number by status will be here.</EmptyState>;
  }
  return (
    <ul class="status-counts">
      {statuses.map(({ status, count, oldestCreatedAt }) => (
        <li key={status}>
          <a href={`/console/orders?status=${status}`}>
            <Badge words={STATUS_WORDS[status]} />
            <strong>{count.toLocaleString('en')}</strong>
          </a>
          {oldestCreatedAt === null ? null : (
            <span class="soft">
              oldest <Moment at={oldestCreatedAt} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
