/**
 * What a rule of the watch says about a condition that lasts: it is there, it is over, or neither can be said and what
 * was said before stays. Raising again while it is open only tells that it is still there.
 */
export type WatchVerdict =
  | { readonly verdict: 'raise'; readonly detail: string }
  | { readonly verdict: 'heal' }
  | { readonly verdict: 'keep' };

export const HEAL: WatchVerdict = { verdict: 'heal' };
export const KEEP: WatchVerdict = { verdict: 'keep' };

export function raise(detail: string): WatchVerdict {
  return { verdict: 'raise', detail };
}

/** @param share 0 to 1 */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
