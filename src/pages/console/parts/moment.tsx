import { absoluteWords, clockWords, relativeWords } from '../data/time-words.js';
import { useNow } from '../data/use-now.js';

interface MomentProps {
  /** RFC 3339. */
  readonly at: string;
  /** Time of day first, for lists that are read as a sequence. */
  readonly isClock?: boolean;
}

/** A time as an age that goes on by itself; the date with its zone is in the title. */
export function Moment({ at, isClock = false }: MomentProps) {
  const nowMs = useNow();
  const atMs = Date.parse(at);
  const relative = relativeWords(atMs, nowMs);
  return (
    <time dateTime={at} title={`${absoluteWords(atMs)} (${at})`}>
      {isClock ? `${clockWords(atMs)} · ${relative}` : relative}
    </time>
  );
}
