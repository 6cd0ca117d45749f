/** The console's own calls: its session, the overview, the live streams. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPS_TOKEN, type RunningApi } from '../api/api-environment.js';
import { SESSION_COOKIE } from '../console/console-caller.js';
import { type RecordStage, recordStage, seedOrder } from '../console/record-api.js';
import { expectKept, expectLogKept } from './answer-promises.js';
import { consoleHeaders } from './console-session.js';
import { announceSeed, FUZZ_TIMEOUT_MS, holdsForAll } from './fuzz-runs.js';
import { UNLIMITED } from './fuzz-stage.js';
import { hostileBody } from './hostile-json.js';
import { hostileAddressPart, hostileText } from './hostile-text.js';
import { headerText } from './operations.js';
import { exchange } from './raw-exchange.js';

type Headers = readonly (readonly [string, string])[];

let stage: RecordStage;
let api: RunningApi;
let session: Headers;

beforeAll(async () => {
  announceSeed('console endpoints');
  stage = await recordStage();
  api = await stage.start({ rateLimits: UNLIMITED });
  session = await consoleHeaders(api);
  await seedOrder(stage.database.stores, { merchantOrderNo: 'A-1' });
});

afterAll(async () => {
  await stage.close();
  expectLogKept(api.log());
  expect(api.log()).not.toContain(OPS_TOKEN);
});

describe('the session', () => {
  it(
    'when a login is anything, then it opens a session for an operator’s token alone, and else says so by name',
    async () => {
      const statuses = new Set<number>();
      await holdsForAll(hostileBody(fc.constant({ token: OPS_TOKEN })), 40, async (body) => {
        const answer = await exchange(api.url, {
          method: 'POST',
          target: '/console/session',
          headers: [['Content-Type', 'application/json']],
          body,
        });
        expectKept(answer);
        statuses.add(answer.status);
        expect(answer.headers.has('set-cookie')).toBe(answer.status === 200);
        if (answer.status === 200) expect(body).toContain(OPS_TOKEN);
      });
      expect(statuses).toContain(422);
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'when a cookie is anything, or the right one with anything else, then there is no session but with the right one',
    async () => {
      const [[, right = ''] = []] = session;
      const cookies = fc.oneof(
        hostileText.map(headerText),
        hostileText.map((text) => `${SESSION_COOKIE}=${headerText(text)}`),
        fc.tuple(fc.nat(), fc.nat(93)).map(([at, code]) => {
          const index = `${SESSION_COOKIE}=`.length + (at % (right.length - 16));
          return right.slice(0, index) + String.fromCharCode(33 + code) + right.slice(index + 1);
        }),
      );
      await holdsForAll(cookies, 40, async (cookie) => {
        const asked = await exchange(api.url, {
          method: 'GET',
          target: '/console/session',
          headers: [['Cookie', cookie]],
        });
        expectKept(asked);
        if (cookie !== right) expect([asked.status, asked.body]).toEqual([200, 'null']);
        const overview = await exchange(api.url, {
          method: 'GET',
          target: '/console/overview',
          headers: [['Cookie', cookie]],
        });
        if (cookie !== right) expect(expectKept(overview)).toBe('unauthenticated');
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'when the proof of a page is anything else, then nothing is changed',
    async () => {
      await holdsForAll(hostileText.map(headerText), 20, async (text) => {
        const headers = session.map(([name, value]): [string, string] => [
          name,
          name === 'X-CSRF-Token' ? text : value,
        ]);
        const answer = await exchange(api.url, {
          method: 'DELETE',
          target: '/console/session',
          headers,
        });
        expect(expectKept(answer)).toBe('forbidden');
      });
    },
    FUZZ_TIMEOUT_MS,
  );
});

describe('what is read', () => {
  it(
    'when addresses and queries of the overview and the streams are anything, then the answer is in time and named',
    async () => {
      const targets = fc.tuple(
        fc.constantFrom(
          '/overview',
          '/live',
          '/live/orders/A-1',
          '/live/orders/',
          '/v1/',
          '/session/',
        ),
        fc.constantFrom('', '?', '/', '?lastEventId=', '?x[]='),
        fc.oneof(fc.constant(''), hostileAddressPart),
        fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'PUT'),
      );
      await holdsForAll(targets, 40, async ([path, mark, rest, method]) => {
        const target = `/console${path}${mark}${rest}`.slice(0, 9_000);
        const answer = await exchange(api.url, {
          method,
          target,
          headers: [...session, ['Last-Event-ID', headerText(rest)]],
        });
        // A HEAD is answered without what would name it.
        if (method === 'HEAD') expect(answer.status).not.toBe(500);
        else expectKept(answer);
      });
    },
    FUZZ_TIMEOUT_MS,
  );
});
