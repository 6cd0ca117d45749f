/**
 * The text that is signed in CodePay's requests, replies and notifications: all top-level fields but `sign`,
 * null and empty ones dropped, sorted by name in ordinal order, joined as `name=value` with `&`, nothing encoded.
 * `sign_type` stays in. Values are the texts as sent: a number or a nested value enters as its exact source text.
 * Source: CodePay Open API, section Sign.
 */
export function signingContent(fields: ReadonlyMap<string, string | null>): string {
  return [...fields]
    .filter(([name, value]) => name !== 'sign' && value !== null && value !== '')
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}
