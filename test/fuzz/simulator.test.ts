/** The simulator: its wire, its control API and its pages take anything, and answer it. */
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isSignedByAny } from '../../src/gateway/codepay/codepay-signature.js';
import { CODEPAY_METHODS } from '../../src/gateway/codepay/codepay-wire.js';
import { readJsonFields } from '../../src/gateway/codepay/codepay-wire-text.js';
import { type Simulator, startSimulator } from '../../src/gateway/simulator/start-simulator.js';
import { announceSeed, FUZZ_TIMEOUT_MS, holdsForAll } from './fuzz-runs.js';
import { hostileBody } from './hostile-json.js';
import { hostileAddressPart, hostileText, MARK, percentEncoded } from './hostile-text.js';
import { exchange, type RawAnswer } from './raw-exchange.js';
import { BUSINESS, CONTROL_BODIES, ENVELOPE, signedRequest } from './simulator-requests.js';

let simulator: Simulator;
const lines: string[] = [];

beforeAll(async () => {
  announceSeed('simulator');
  const destination = new PassThrough();
  destination.on('data', (chunk: Buffer) => lines.push(chunk.toString('utf8')));
  simulator = await startSimulator({ logger: pino({ level: 'info' }, destination) });
});

beforeEach(() => {
  simulator.control.reset();
  sell('A-1');
  simulator.control.pay('A-1');
  sell('A-2');
});

afterAll(async () => {
  await simulator.close();
  for (const line of lines
    .join('')
    .split('\n')
    .filter((text) => text !== '')) {
    expect((JSON.parse(line) as { readonly level: number }).level).toBeLessThan(50);
  }
});

function sell(merchantOrderNo: string): void {
  simulator.control.startPosSale({
    merchantOrderNo,
    amountMinor: 1_050,
    currency: 'USD',
    terminalSn: 'TERMINAL-1',
  });
}

/** @returns the answer, which must be none of its own errors and must not show what was sent as HTML */
async function send(
  method: string,
  target: string,
  body: string,
  type: string,
): Promise<RawAnswer> {
  const answer = await exchange(simulator.url, {
    method,
    target,
    headers: [['Content-Type', type]],
    body: method === 'GET' ? null : body,
  });
  expect(answer.status, answer.body.slice(0, 500)).toBeLessThan(500);
  expect(answer.head).not.toContain(`${MARK}=1`);
  if ((answer.headers.get('content-type') ?? '').includes('html')) {
    expect(answer.body).not.toContain(`<${MARK}`);
    expect(answer.body).not.toContain('<script>zq');
  }
  return answer;
}

const signed = (text: string): string => signedRequest(text, simulator.merchantPrivateKey);

describe('the wire', () => {
  it(
    'when a request is anything, signed or not, then the answer is signed and has a code',
    async () => {
      const requests = fc
        .record({
          method: fc.constantFrom(...Object.values(CODEPAY_METHODS)),
          number: fc.constantFrom('A-1', 'A-2', 'A-3'),
          transType: fc.constantFrom('1', '2', '3'),
        })
        .map(({ method, number, transType }) => ({
          ...ENVELOPE,
          ...BUSINESS,
          method,
          timestamp: String(Date.now()),
          merchant_order_no: number,
          trans_type: transType,
        }));
      const codes = new Set<string>();
      const bodies = requests.chain((request) => hostileBody(fc.constant(request)));
      await holdsForAll(fc.tuple(bodies, fc.boolean()), 60, async ([text, isSigned]) => {
        const { status, body } = await send(
          'POST',
          '/api/entry',
          isSigned ? signed(text) : text,
          'application/json',
        );
        if (status === 413) return;
        const fields = readJsonFields(body) ?? new Map<string, string>();
        expect(isSignedByAny(fields, [simulator.gatewayPublicKey])).toBe(true);
        codes.add(fields.get('code') ?? '');
      });
      expect(codes).toContain('0');
      expect(codes.size).toBeGreaterThan(2);
    },
    FUZZ_TIMEOUT_MS,
  );
});

describe('the control API', () => {
  it.each(Object.keys(CONTROL_BODIES))(
    'when %s is sent anything, then it is done or refused, and everything can still be read',
    async (path) => {
      const numbers = fc.oneof(fc.constantFrom('A-1', 'A-2'), hostileAddressPart);
      const bodies = hostileBody(fc.constant(CONTROL_BODIES[path] ?? {}));
      const types = fc.constantFrom(
        'application/json',
        'application/json',
        'application/x-www-form-urlencoded',
        'x',
      );
      await holdsForAll(fc.tuple(numbers, bodies, types), 10, async ([number, body, type]) => {
        await send('POST', path.replace('{}', number), body, type);
        simulator.control.setFaults({ latencyMs: 0, errorRate: 0, isDown: false });
        for (const read of [
          '/control/orders',
          '/control/callbacks',
          '/control/refunds',
          '/',
          '/terminal',
        ]) {
          expect((await send('GET', read, '', 'x')).status).toBe(200);
        }
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  it.each([
    ['/control/pos-sales', { expiresInSeconds: Number.MAX_SAFE_INTEGER }],
    ['/control/pos-sales', { amount: Number.MAX_SAFE_INTEGER }],
    ['/control/callbacks', { ageMs: Number.MAX_SAFE_INTEGER }],
    ['/control/callbacks', { ageMs: Number.MIN_SAFE_INTEGER }],
  ])(
    'when %s holds %o, the most that a number can be, then everything can still be read',
    async (path, fields) => {
      await send(
        'POST',
        path,
        JSON.stringify({ ...CONTROL_BODIES[path], ...fields }),
        'application/json',
      );
      for (const read of [
        '/control/orders',
        '/control/callbacks',
        '/',
        '/terminal',
        '/terminal/T',
        '/orders/A-9',
      ]) {
        await send('GET', read, '', 'x');
      }
    },
  );
});

describe('the pages', () => {
  it(
    'when addresses and forms are anything, then there is a page, and nothing of it runs',
    async () => {
      const paths = fc.constantFrom(
        ...['/orders/A-1', '/orders/', '/pay/', '/terminal/', '/terminal/TERMINAL-1/sales'],
        ...['/terminal/TERMINAL-1/orders/A-2', '/assets/', '/control/orders/', '/nowhere/'],
      );
      const rest = fc.oneof(fc.constant(''), hostileAddressPart);
      const names = fc.constantFrom(
        'action',
        'merchantOrderNo',
        'amount',
        'currency',
        'refundNo',
        '__proto__',
        'a[b]',
      );
      const values = fc.oneof(
        fc.constantFrom(
          'pay',
          'decline',
          'expire',
          'pay_late',
          'refund_failed',
          '10.50',
          'USD',
          'A-7',
        ),
        hostileText.map((text) => percentEncoded(text.slice(0, 500))),
      );
      const forms = fc
        .array(fc.tuple(names, values), { maxLength: 5 })
        .map((pairs) => pairs.map((pair) => pair.join('=')).join('&'));
      const requests = fc.tuple(paths, rest, forms, fc.constantFrom('GET', 'POST'));
      await holdsForAll(requests, 60, async ([path, part, form, method]) => {
        await send(
          method,
          `${path}${part}`.slice(0, 9_000),
          form,
          'application/x-www-form-urlencoded',
        );
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  it('when a sale says what could run in a page, then the pages show it as text', async () => {
    const text = `<${MARK} onload=x>"'</script><script>${MARK}()`;
    const sale = {
      ...ENVELOPE,
      ...BUSINESS,
      method: CODEPAY_METHODS.checkout,
      timestamp: String(Date.now()),
    };
    const fields = {
      ...sale,
      merchant_order_no: 'A-8',
      description: text,
      return_url: `javascript:${MARK}()`,
    };
    const { body } = await send(
      'POST',
      '/api/entry',
      signed(JSON.stringify(fields)),
      'application/json',
    );
    const payUrl = /pay\/[\w-]+/.exec(body)?.[0];
    expect(payUrl).toBeDefined();
    for (const target of [`/${payUrl}`, '/orders/A-8', '/']) {
      const page = await send('GET', target, '', 'x');
      expect(page.body).not.toContain(`javascript:${MARK}`);
    }
  });
});
