/**
 * Texts that UTF-8 can hold. JSON can also write half a surrogate pair, which no database keeps: what is read again
 * differs from what was written, and its hash with it. Source: RFC 7493, I-JSON, 2.1.
 */
const HALF_PAIR = /\p{Surrogate}/u;
const HALF_PAIRS = /\p{Surrogate}/gu;
const REPLACEMENT = '\ufffd';

export function isWellFormed(text: string): boolean {
  return !HALF_PAIR.test(text);
}

/** The text with a replacement character for every half of a surrogate pair. */
export function wellFormed(text: string): string {
  return text.replace(HALF_PAIRS, REPLACEMENT);
}
