import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { OrderAnswer } from '../../../api/answer-schemas.js';
import { useConsole } from '../data/console-context.js';
import { useOverview } from '../data/overview-context.js';
import { useLoaded } from '../data/use-loaded.js';
import { filterOf, filterQuery } from '../orders/order-filter.js';
import { OrderSearch } from '../orders/order-search.js';
import { OrderTable } from '../orders/order-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { PageHeading } from '../parts/page-heading.js';
import { ProblemNotice } from '../parts/problem-notice.js';

const PAGE_SIZE = '50';

// Over 50 lines because it is the whole page in the order in which it is read.
/** Orders by filter, newest first. Filter and place in the list are in the address. */
export function OrdersPage() {
  const { api } = useConsole();
  const { overview } = useOverview();
  const { query, route } = useLocation();
  const filter = filterOf(query);
  const { startingAfter } = query;
  const asked = filterQuery(filter, {
    limit: PAGE_SIZE,
    ...(startingAfter === undefined ? {} : { startingAfter }),
  });
  const { value, problem, reload } = useLoaded(asked, async () => await api.orders(asked));

  // Something has changed somewhere: the newest page shows it. Older pages hold still for their reader.
  const changedAt = overview?.at;
  useEffect(() => {
    if (changedAt !== undefined && startingAfter === undefined) void reload();
  }, [changedAt, startingAfter, reload]);

  const last = value?.data.at(-1)?.merchantOrderNo;
  const csv = filterQuery(filter);
  return (
    <>
      <div class="page-head">
        <PageHeading title="Orders" />
        <a
          class="button outline small"
          href={`/console/v1/orders.csv${csv === '' ? '' : `?${csv}`}`}
          download="orders.csv"
        >
          CSV of this filter
        </a>
      </div>
      <OrderSearch filter={filter} onSearch={(next) => route(listAddress(filterQuery(next)))} />
      {problem === null ? null : (
        <ProblemNotice
          what="The list could not be fetched."
          problem={problem}
          onRetry={() => void reload()}
        />
      )}
      {value === null ? (
        problem === null ? (
          <p class="soft">The list is being fetched.</p>
        ) : null
      ) : (
        <Found orders={value.data} isAll={csv === ''} />
      )}
      <nav class="paging" aria-label="Pages of the list">
        {startingAfter === undefined ? null : <a href={listAddress(csv)}>Newest</a>}
        {value?.hasMore && last !== undefined ? (
          <a href={listAddress(filterQuery(filter, { startingAfter: last }))}>Older</a>
        ) : null}
      </nav>
    </>
  );
}

interface FoundProps {
  readonly orders: readonly OrderAnswer[];
  /** Nothing was filtered. */
  readonly isAll: boolean;
}

function Found({ orders, isAll }: FoundProps) {
  if (orders.length > 0) return <OrderTable orders={orders} />;
  return (
    <EmptyState>
      {isAll
        ? 'There are no orders yet. The newest will be here as soon as one is created.'
        : 'No order is like that. Numbers must be complete; amounts need their currency.'}
    </EmptyState>
  );
}

function listAddress(query: string): string {
  return query === '' ? '/console/orders' : `/console/orders?${query}`;
}
