/** Times in words. Pure; English, as the whole console is. */

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

const RELATIVE = new Intl.RelativeTimeFormat('en', { style: 'narrow', numeric: 'always' });
const ABSOLUTE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });
const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const MINUTE = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

const MILLISECONDS_BELOW = 1_000;
const SECONDS_BELOW = 120_000;

/** `now`, `12s ago`, `in 5min`, in the largest whole unit. */
export function relativeWords(atMs: number, nowMs: number): string {
  const differenceMs = atMs - nowMs;
  const found = UNITS.find(([, unitMs]) => Math.abs(differenceMs) >= unitMs);
  if (found === undefined) return 'now';
  const [unit, unitMs] = found;
  return RELATIVE.format(Math.trunc(differenceMs / unitMs), unit);
}

/** Date and time in the reader's zone, with the zone. */
export function absoluteWords(atMs: number): string {
  return ABSOLUTE.format(atMs);
}

/** Time of day in the reader's zone, with seconds. */
export function clockWords(atMs: number): string {
  return CLOCK.format(atMs);
}

/** Time of day in the reader's zone, without seconds. */
export function minuteWords(atMs: number): string {
  return MINUTE.format(atMs);
}

/** A duration for reading: `84 ms`, `2.4 s`, `3.5 min`. */
export function durationWords(durationMs: number): string {
  if (durationMs < MILLISECONDS_BELOW) return `${Math.round(durationMs)} ms`;
  if (durationMs < SECONDS_BELOW) return `${(durationMs / 1_000).toFixed(1)} s`;
  return `${(durationMs / 60_000).toFixed(1)} min`;
}
