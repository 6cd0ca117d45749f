/** What happens to a page: hidden and visible, offline and online, into the back-forward cache and out of it. */
import type { EventSource, PaymentClientEnvironment } from './client-environment.js';

export interface PageListeners {
  /** Timers of hidden pages are slow and of sleeping ones stand still: it is time to look. */
  readonly onReturn: () => void;
  /** The page is what it was when it was left, however long ago. */
  readonly onRestored: () => void;
  readonly onOffline: () => void;
  readonly onLeave: () => void;
}

/** @returns how to stop listening */
export function listenToPage(
  { document, window }: PaymentClientEnvironment,
  listeners: PageListeners,
): () => void {
  const ends: (() => void)[] = [];
  const listen = (source: EventSource | null, type: string, act: (event: Event) => void) => {
    source?.addEventListener(type, act);
    ends.push(() => source?.removeEventListener(type, act));
  };
  listen(document, 'visibilitychange', () => {
    if (document?.visibilityState === 'visible') listeners.onReturn();
  });
  listen(window, 'online', listeners.onReturn);
  listen(window, 'offline', listeners.onOffline);
  listen(window, 'pagehide', listeners.onLeave);
  listen(window, 'pageshow', (event) => {
    if ('persisted' in event && event.persisted === true) listeners.onRestored();
  });
  return () => {
    for (const end of ends) end();
  };
}
