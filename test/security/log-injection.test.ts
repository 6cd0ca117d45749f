/** Attack: write lines into the log that nobody of us wrote, or make whoever reads it run something. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningApi } from '../api/api-environment.js';
import { login } from '../console/console-caller.js';
import { type RecordStage, recordStage } from '../console/record-api.js';
import { rawRequest, sendRaw } from './raw-http.js';

const FORGED = '{"level":"info","event":"callback.received","receipt":"forged"}';
const ANSI = '\u001b[2J\u001b[1;31mforged\u001b[0m\u009b31m\u0007';

let stage: RecordStage;
let api: RunningApi;

beforeAll(async () => {
  stage = await recordStage();
  api = await stage.start({ rateLimits: { perAddressUnauthenticated: 10_000 } });
});

afterAll(async () => await stage.close());

/** @returns the lines that the attack made; each must be one JSON object of ours without control characters */
async function linesOf(
  attack: () => Promise<unknown>,
): Promise<readonly Record<string, unknown>[]> {
  const before = api.log().length;
  await attack();
  const text = api.log().slice(before);
  const lines = text.split('\n').filter((line) => line !== '');
  for (const line of lines) expect(line).not.toMatch(/\p{Cc}/u);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const ENCODED = [
  `%0d%0a${encodeURIComponent(FORGED)}`,
  encodeURIComponent(`x\n${FORGED}`),
  encodeURIComponent(ANSI),
  encodeURIComponent('\u2028\u2029\u0085'),
  '%00',
  '%ff%fe',
  '"},"level":"fatal","x":{"y":"',
];

describe('lines of the log', () => {
  it.each(ENCODED)(
    'when a path holds %s, then it is one line that says what happened',
    async (text) => {
      const path = `/v1/orders/${text.replaceAll('"', '%22')}`;
      const lines = await linesOf(() => rawRequest(api.url, { method: 'GET', path }));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({ level: 'warn', event: 'request.completed', name: 'api' });
      expect(lines[0]).not.toHaveProperty('receipt');
    },
  );

  it.each([
    ['X-Request-Id', FORGED],
    ['User-Agent', FORGED],
    ['Referer', `https://x/${FORGED}`],
    ['X-Forwarded-For', FORGED],
    ['traceparent', FORGED],
    ['Authorization', `Bearer ${FORGED}`],
    ['Idempotency-Key', FORGED],
  ])(
    'when the header %s holds a line of its own, then it is not in the log',
    async (name, value) => {
      const lines = await linesOf(() =>
        rawRequest(`${api.url}/v1/orders`, { method: 'POST', headers: { [name]: value } }),
      );
      expect(lines).toHaveLength(1);
      expect(JSON.stringify(lines)).not.toContain('forged');
    },
  );

  it('when a header is broken by a line end, then the request is refused before anything is logged', async () => {
    const bytes = `GET /livez HTTP/1.1\r\nHost: a\r\nX-Request-Id: a\n${FORGED}\r\nConnection: close\r\n\r\n`;
    const lines = await linesOf(() => sendRaw(api.url, bytes));
    expect(JSON.stringify(lines)).not.toContain('forged');
  });

  it('when bodies hold lines and escapes, then none of it is in the log', async () => {
    const texts = [FORGED, ANSI, `x\r\n${FORGED}`];
    const lines = await linesOf(async () => {
      for (const text of texts) {
        await api.call('POST', '/v1/orders', { body: { description: text, [text]: text } });
        await api.call('POST', '/v1/webhooks/codepay', {
          rawBody: JSON.stringify({ app_id: text, [text]: text }),
          credential: null,
          headers: { 'Content-Type': 'application/json' },
        });
        await login(api, `wrong ${text.replaceAll(/[^ -~]/g, '.')}`);
      }
    });
    expect(lines.length).toBeGreaterThanOrEqual(3 * texts.length);
    expect(JSON.stringify(lines)).not.toContain('forged');
  });
});
