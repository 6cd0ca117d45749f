/** What the demo shop's page sends to its back end, from right to nearly right to nothing like it. */
import fc from 'fast-check';
import { hostileBody } from './hostile-json.js';
import { hostileAddressPart } from './hostile-text.js';
import type { RawRequest } from './raw-exchange.js';

/** A customer's cookie, as the shop makes them. */
export const CUSTOMER = ['Cookie', `shop_customer=${'c'.repeat(43)}`] as const;

interface ShopCall {
  readonly method: 'GET' | 'POST';
  /** `{}` stands for the number of an order. */
  readonly path: string;
  readonly body: fc.Arbitrary<object> | null;
}

const lines = fc.array(
  fc.record({
    goodsId: fc.constantFrom('espresso', 'tea', 'beans'),
    quantity: fc.integer({ min: 1, max: 20 }),
  }),
  { minLength: 1, maxLength: 6 },
);

const carts = fc.record(
  {
    cartId: fc.stringMatching(/^[A-Za-z0-9_-]{16,64}$/),
    lines,
    way: fc.constantFrom('hosted', 'cloud', 'pos'),
    terminalSn: fc.constantFrom('TERMINAL-1', 'TERMINAL-2'),
    opensNewTab: fc.boolean(),
    scenario: fc.constantFrom('paid_after', 'never_paid', 'declined'),
  },
  { requiredKeys: ['cartId', 'lines', 'way'] },
);

const payers = fc.constantFrom('pays', 'cancels', 'is_declined', 'nothing');

/** Every call of the shop's back end. */
export const SHOP_CALLS: readonly ShopCall[] = [
  { method: 'GET', path: '/demo/api/shop', body: null },
  { method: 'GET', path: '/demo/api/orders', body: null },
  { method: 'GET', path: '/demo/api/orders/{}', body: null },
  { method: 'POST', path: '/demo/api/orders', body: carts },
  { method: 'POST', path: '/demo/api/orders/{}/place', body: fc.constant({}) },
  { method: 'POST', path: '/demo/api/orders/{}/payer', body: fc.record({ payer: payers }) },
  {
    method: 'POST',
    path: '/demo/api/orders/{}/sale',
    body: fc.record({ payer: payers, report: fc.constantFrom('as_it_was', 'garbage', 'timeout') }),
  },
];

const TYPES = [
  ...['application/json', 'application/json', 'application/json', 'application/json'],
  ...['application/json; charset=utf-16', 'application/x-www-form-urlencoded', 'text/plain', 'x'],
] as const;

/** @param orderNos of orders that the customer has */
export function shopRequestsOf(
  call: ShopCall,
  orderNos: readonly string[],
): fc.Arbitrary<RawRequest> {
  const numbers = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...orderNos) },
    { weight: 1, arbitrary: hostileAddressPart },
  );
  const bodies = call.body === null ? fc.constant(null) : hostileBody(call.body);
  return fc
    .record({
      number: numbers,
      body: bodies,
      type: fc.constantFrom(...TYPES),
      // Without it nobody is known, and from elsewhere nothing may be ordered.
      isKnown: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
      site: fc.oneof(
        { weight: 8, arbitrary: fc.constant('same-origin') },
        fc.constantFrom('cross-site', 'none', '', 'same-origin, same-origin'),
      ),
    })
    .map(({ number, body, type, isKnown, site }) => ({
      method: call.method,
      target: call.path.replace('{}', () => number),
      headers: [
        ...(isKnown ? [CUSTOMER] : []),
        ['Sec-Fetch-Site', site] as const,
        ...(body === null ? [] : [['Content-Type', type] as const]),
      ],
      body,
    }));
}
