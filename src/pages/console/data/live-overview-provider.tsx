import type { ComponentChildren } from 'preact';
import { useCallback, useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Overview } from '../../../api/console/console-contract.js';
import { useConsole } from './console-context.js';
import type { LiveStatus } from './live-stream.js';
import { OverviewContext } from './overview-context.js';
import { useLive } from './use-live.js';

/** Pages of one order follow that order: one stream a page, because browsers allow six to a host. */
const ORDER_PAGE = /^\/console\/orders\/[^/]+$/;

/** Keeps the overview up to date for all pages below it. */
export function LiveOverviewProvider({ children }: { readonly children: ComponentChildren }) {
  const { api } = useConsole();
  const { path } = useLocation();
  const [overview, setOverview] = useState<Overview | null>(null);
  const [reported, setReported] = useState<LiveStatus | null | undefined>(undefined);
  const reload = useCallback(async () => setOverview(await api.overview()), [api]);
  const own = useLive(ORDER_PAGE.test(path) ? null : '/console/live', {
    event: 'overview',
    onEvent: (data) => setOverview(data as Overview),
    poll: reload,
  });
  const status = reported === undefined ? own : reported;
  const reportStatus = useCallback((next: LiveStatus | null | undefined) => setReported(next), []);
  const value = useMemo(
    () => ({ overview, status, reload, reportStatus }),
    [overview, status, reload, reportStatus],
  );
  return <OverviewContext.Provider value={value}>{children}</OverviewContext.Provider>;
}
