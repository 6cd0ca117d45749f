import type { LiveStatus } from '../data/live-stream.js';
import { clockWords } from '../data/time-words.js';

const WORDS = {
  connecting: ['Connecting', 'The page is not up to date yet.'],
  live: ['Live', 'Changes appear as they happen.'],
  polling: ['Polling', 'The stream is interrupted; the page asks every 5 seconds.'],
  offline: ['Offline', 'The service does not answer. What is shown may be old.'],
} as const;

/** How the page in front is kept up to date. */
export function LiveIndicator({ status }: { readonly status: LiveStatus | null }) {
  const state = status?.state ?? 'connecting';
  const [label, meaning] = WORDS[state];
  const since =
    status !== null && state === 'offline' ? ` since ${clockWords(status.sinceMs)}` : '';
  return (
    <span class={`live live-${state}`} title={meaning}>
      <span class="live-dot" aria-hidden="true" />
      {label}
      {since}
    </span>
  );
}
