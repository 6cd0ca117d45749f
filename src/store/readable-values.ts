/**
 * Single values of documents that may be damaged, as what is not the truth about money may use them: monitoring goes on
 * with what can be read. Orders, refunds and events are never mended like this.
 */

/** @returns `null` when it is no text */
export function readableText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A time as RFC 3339 text, also one that stands there as a date of the database. @returns `null` when it is none */
export function readableTime(value: unknown): string | null {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null;
}

/** @returns 0 when it is no count */
export function readableCount(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : 0;
}
