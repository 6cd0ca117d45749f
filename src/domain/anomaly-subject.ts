/** What an anomaly is about, and how it is named to the outside. */

/**
 * The order's number when the subject is an order: its id is its merchant and its number; other subjects have more
 * parts, or fewer.
 */
export function orderNoOfSubject(subject: string | null): string | null {
  const parts = (subject ?? '').split('/');
  return parts.length === 2 ? (parts[1] ?? null) : null;
}

/** Stored ids hold slashes, which proxies decode on their own account. */
export function anomalyUrlId(storedId: string): string {
  return Buffer.from(storedId).toString('base64url');
}
