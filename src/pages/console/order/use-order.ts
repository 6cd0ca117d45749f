import { useCallback, useEffect } from 'preact/hooks';
import type { ConsoleApi } from '../data/console-api.js';
import { useOverview } from '../data/overview-context.js';
import { STATUS_WORDS } from '../data/status-words.js';
import { useLive } from '../data/use-live.js';
import { useLoaded } from '../data/use-loaded.js';
import { useAnnounce } from '../parts/announcer.js';
import { readOrderView } from './order-view.js';

/** An order that is read again whenever its record changes, and after each action on it. */
export function useOrder(api: ConsoleApi, no: string) {
  const announce = useAnnounce();
  const { reportStatus, reload: reloadOverview } = useOverview();
  const { value, problem, reload } = useLoaded(no, async () => await readOrderView(api, no));
  const bringUpToDate = useCallback(async () => {
    // The count of open anomalies in the header: this page follows its order alone.
    const [isLoaded] = await Promise.all([reload(), reloadOverview().catch(() => {})]);
    if (!isLoaded) throw new Error('the service did not answer');
  }, [reload, reloadOverview]);
  const status = useLive(`/console/live/orders/${encodeURIComponent(no)}`, {
    event: 'changed',
    onEvent: () => void bringUpToDate().catch(() => {}),
    poll: bringUpToDate,
  });
  useEffect(() => reportStatus(status), [status, reportStatus]);
  useEffect(() => () => reportStatus(undefined), [reportStatus]);

  const orderStatus = value?.order.status;
  useEffect(() => {
    if (orderStatus !== undefined) announce(`The order is: ${STATUS_WORDS[orderStatus].label}.`);
  }, [orderStatus, announce]);
  const onDone = (said: string) => {
    announce(said);
    void bringUpToDate().catch(() => {});
  };

  return { value, problem, reload, bringUpToDate, onDone };
}
