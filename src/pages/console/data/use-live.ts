import { useEffect, useRef, useState } from 'preact/hooks';
import { type LiveSource, type LiveStatus, LiveStream } from './live-stream.js';

/** Follows a live view while the component stands. @param url another one is another view; `null` follows nothing */
export function useLive(
  url: string | null,
  source: Pick<LiveSource, 'event' | 'onEvent' | 'poll'>,
): LiveStatus | null {
  const [status, setStatus] = useState<LiveStatus | null>(null);
  const latest = useRef(source);
  latest.current = source;
  const { event } = source;
  useEffect(() => {
    if (url === null) return;
    const stream = new LiveStream({
      url,
      event,
      onEvent: (data) => latest.current.onEvent(data),
      poll: async () => await latest.current.poll(),
      onStatus: setStatus,
    });
    return () => {
      stream.close();
      setStatus(null);
    };
  }, [url, event]);
  return status;
}
