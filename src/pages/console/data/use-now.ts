import { useEffect, useState } from 'preact/hooks';
import { serverNowMs } from './server-clock.js';

const TICK_MS = 1_000;

const listeners = new Set<() => void>();
let timer: number | undefined;

/** The time by the service's clock, milliseconds since 1970, again every second. All who ask share one timer. */
export function useNow(): number {
  const [nowMs, setNowMs] = useState(serverNowMs);
  useEffect(() => {
    const tick = () => setNowMs(serverNowMs());
    listeners.add(tick);
    timer ??= window.setInterval(() => {
      for (const listener of listeners) listener();
    }, TICK_MS);
    return () => {
      listeners.delete(tick);
      if (listeners.size > 0) return;
      window.clearInterval(timer);
      timer = undefined;
    };
  }, []);
  return nowMs;
}
