/** Headers and addresses that are believed, parsed or passed on somewhere, with what they should not hold. */
import fc from 'fast-check';
import { hostileText, MARK } from './hostile-text.js';
import { headerText } from './operations.js';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const HEADER_NAMES = words(`
  X-Request-Id traceparent tracestate baggage X-Forwarded-For X-Forwarded-Proto X-Forwarded-Host Forwarded Host Origin
  Referer User-Agent Accept Cookie Accept-Language Accept-Encoding If-None-Match If-Modified-Since Range Expect
  Content-Type Content-Length Upgrade Sec-Fetch-Site X-CSRF-Token Last-Event-ID X-HTTP-Method-Override Idempotency-Key
  Access-Control-Request-Method Via TE`);

const PLAUSIBLE_VALUES = [
  ...words('00-00000000000000000000000000000000-0000000000000000-00 00-zz-zz-01 0 -1 1e3 null'),
  ...words(
    'bytes=0-18446744073709551615 evil.example:99999 */*;q=x text/html;q=1e400 100-continue',
  ),
  ...words('https://shop.example.com websocket console_session= =;=;;,'),
  '1.2.3.4, ::1, unknown, _x, 999.9.9.9',
  'https, http',
  'gzip;q=0, *;q=0',
  '__Secure-console_session=a.b.c; console_session=..',
  '1, 1',
];

const headerValue = fc.oneof(
  hostileText.map(headerText),
  fc.constantFrom(...PLAUSIBLE_VALUES),
  fc.nat(12_000).map((length) => 'x'.repeat(length)),
);

/** A few headers of a request. */
export const headers = fc.array(fc.tuple(fc.constantFrom(...HEADER_NAMES), headerValue), {
  minLength: 1,
  maxLength: 4,
});

/** Addresses that read headers in different ways. */
export const HEADER_TARGETS = words(`
  /v1/orders /v1/orders/none /v1/orders.csv /v1/orders/none/verify /console /docs/ /console/session /openapi.json /livez
  /client/payment-client.js /docs/runbooks/x`);

export const ADDRESS_PREFIXES = words(`
  / /v1/ /v1/orders/ /docs/ /docs/runbooks/ /console/ /console/assets/ /client/ /demo/ // /../ /v1//orders/
  http://evil.example/v1/ *`);

/** Header lines that are none. */
export const BROKEN_HEADER_LINES: readonly (readonly [name: string, line: string])[] = [
  ['no name', ': x'],
  ['a blank in its name', 'A B: x'],
  ['a blank before its colon', 'A : x'],
  ['NUL', 'A: \0'],
  ['a bare line feed inside', `A: x\n${MARK}: y`],
  ['a bare carriage return inside', `A: x\r${MARK}: y`],
  ['a fold', `A: x\r\n ${MARK}`],
  ['no colon', MARK],
  ['20,000 characters', `A: ${'x'.repeat(20_000)}`],
  ['2,500 brothers', Array.from({ length: 2_500 }, (_, index) => `A${index}: x`).join('\r\n')],
  ['two lengths', 'Content-Length: 1\r\nContent-Length: 2'],
  ['a length and chunks', 'Content-Length: 1\r\nTransfer-Encoding: chunked'],
  ['a negative length', 'Content-Length: -1'],
  ['a length that is no number', 'Content-Length: 1e1'],
  ['an unknown transfer', 'Transfer-Encoding: x'],
];
