const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Parses `5s`, `30m` or `24h` to milliseconds; `null` when the text is anything else. */
export function parseDurationMs(text: string): number | null {
  const match = /^([1-9][0-9]{0,6})(s|m|h)$/.exec(text.trim());
  if (match === null) return null;
  const unit = match[2] as keyof typeof UNIT_MS;
  return Number(match[1]) * UNIT_MS[unit];
}

/** The shortest exact text of a duration: 90,000 ms is `90s`, 60,000 ms is `1m`. Durations are whole seconds. */
export function formatDuration(durationMs: number): string {
  if (durationMs > 0 && durationMs % UNIT_MS.h === 0) return `${durationMs / UNIT_MS.h}h`;
  if (durationMs > 0 && durationMs % UNIT_MS.m === 0) return `${durationMs / UNIT_MS.m}m`;
  return `${Math.round(durationMs / UNIT_MS.s)}s`;
}
