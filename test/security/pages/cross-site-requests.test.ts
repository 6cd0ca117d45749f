/** Attack: a page of somebody else acts in the name of an operator who is logged in, or frames the console. */
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeServer, listen, portOf } from '../../../src/http-server.js';
import { logIn } from '../../browser/console-stage.js';
import { describeInBrowser, openBrowser, openPage } from '../../support/browser.js';
import { eventually } from '../../support/eventually.js';
import { type ServiceUnderTest, startService } from '../../support/service-processes.js';

/** A name that is part of no other word in an audit. */
const OPERATOR = 'olga';
const OPS_TOKEN = randomBytes(24).toString('base64url');
const merchantOrderNo = `CSRF-${randomBytes(8).toString('hex')}`;

/** What an operator can do at the console: paths below /console, and bodies that would be right. */
const ACTIONS: readonly (readonly [method: string, path: string, body: object])[] = [
  ['POST', `/v1/orders/${merchantOrderNo}/cancel`, {}],
  ['POST', `/v1/orders/${merchantOrderNo}/check`, {}],
  ['POST', `/v1/orders/${merchantOrderNo}/review`, { to: 'paid', reason: 'forged' }],
  ['POST', `/v1/orders/${merchantOrderNo}/refunds`, { refundNo: 'F-1', reason: 'forged' }],
  ['POST', '/v1/anomalies/x/acknowledge', {}],
  ['POST', `/v1/callbacks/${'0'.repeat(64)}/redeliver`, {}],
  ['POST', '/v1/events/x/redeliver', {}],
  ['DELETE', '/session', {}],
];

describeInBrowser('pages of somebody else', () => {
  let service: ServiceUnderTest;
  let browser: Browser;
  let foreign: Server;
  let operator: Page;
  const lines: string[] = [];

  beforeAll(async () => {
    service = await startService({
      environment: { OPS_TOKENS: `${OPERATOR}:${OPS_TOKEN}` },
      onLine: (line) => lines.push(line),
    });
    foreign = await listen(
      (_request, response) => {
        response.setHeader('Content-Type', 'text/html').end('<title>evil</title><body>');
      },
      { host: '127.0.0.1', port: 0 },
    );
    browser = await openBrowser();
    await service.demo.control(`/orders/${merchantOrderNo}/scenario`, { scenario: 'waits' });
    await service.demo.createOrder({
      ...{ merchantOrderNo, channel: 'hosted', amount: 1_050, currency: 'USD' },
      checks: { strategy: 'progressive', schedule: ['10m'] },
    });
    const visited = await openPage(browser, { baseURL: service.apiUrl });
    operator = visited.page;
    await operator.goto('/console');
    await logIn(operator, OPS_TOKEN);
    await operator.getByRole('navigation', { name: 'Console' }).waitFor();
  });

  afterAll(async () => {
    await browser?.close();
    await closeServer(foreign, 100);
    await service?.close();
  });

  /** Another site by its name, or the same site on another port: then the session's cookie is sent along. */
  const originOf = (site: 'another' | 'the same') =>
    `http://${site === 'another' ? 'localhost' : '127.0.0.1'}:${portOf(foreign)}`;

  async function onForeignPage<T>(
    site: 'another' | 'the same',
    act: (page: Page) => Promise<T>,
  ): Promise<T> {
    const page = await operator.context().newPage();
    await page.goto(originOf(site));
    try {
      return await act(page);
    } finally {
      await page.close();
    }
  }

  interface Logged {
    readonly req?: { readonly method: string; readonly path: string };
    readonly res?: { readonly statusCode: number };
  }

  /** Status of the last such request in the service's log, once it is there. */
  async function answered(method: string, path: string, after: number): Promise<number> {
    return await eventually(`${method} ${path} was answered`, () => {
      const logged = lines
        .slice(after)
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Logged)
        .find(({ req }) => req?.method === method && req.path === `/console${path}`);
      return logged?.res?.statusCode ?? null;
    });
  }

  async function expectNothingDone(): Promise<void> {
    const audit = await service.demo.audit(merchantOrderNo);
    expect(JSON.stringify(audit)).not.toContain(OPERATOR);
    expect(JSON.stringify(audit)).not.toContain('forged');
    expect((await service.demo.order(merchantOrderNo)).status).toBe('pending');
    const session = await operator.request.get('/console/session');
    expect(await session.json()).toMatchObject({ operator: OPERATOR });
  }

  it.each(['another', 'the same'] as const)(
    'when a page of %s site submits forms for every action, then none is done',
    async (site) => {
      for (const [, path] of ACTIONS) {
        const after = lines.length;
        await onForeignPage(site, async (page) => {
          await page.evaluate((action) => {
            const form = document.createElement('form');
            Object.assign(form, { method: 'post', enctype: 'text/plain', action });
            const field = document.createElement('input');
            Object.assign(field, { name: '{"reason":"forged","x":"', value: '"}' });
            form.append(field);
            document.body.append(form);
            form.submit();
          }, `${service.apiUrl}/console${path}`);
          expect([401, 403]).toContain(await answered('POST', path, after));
        });
      }
      await expectNothingDone();
    },
  );

  it.each(['another', 'the same'] as const)(
    'when a script of %s site sends every action with the cookie, then none is done and nothing can be read',
    async (site) => {
      await onForeignPage(site, async (page) => {
        for (const [method, path, body] of ACTIONS) {
          const readable = await page.evaluate(
            async ({ url, verb, json }) => {
              const attempts: RequestInit[] = [
                { method: verb, credentials: 'include', mode: 'no-cors', body: json },
                { method: verb, credentials: 'include', body: json },
                {
                  ...{ method: verb, credentials: 'include', body: json },
                  headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': 'guess' },
                },
                { method: 'GET', credentials: 'include' },
              ];
              const texts = await Promise.all(
                attempts.map(async (attempt) => {
                  try {
                    return await (await fetch(url, attempt)).text();
                  } catch {
                    return '';
                  }
                }),
              );
              return texts.join('');
            },
            { url: `${service.apiUrl}/console${path}`, verb: method, json: JSON.stringify(body) },
          );
          expect(readable, `${method} ${path}`).toBe('');
        }
      });
      await expectNothingDone();
    },
  );

  it.each(['another', 'the same'] as const)(
    'when a page of %s site logs the browser in under a name of its own, then it may not',
    async (site) => {
      const after = lines.length;
      await onForeignPage(site, async (page) => {
        await page.evaluate(
          async ({ url, token }) => {
            const body = JSON.stringify({ token });
            const options: RequestInit = { method: 'POST', credentials: 'include', body };
            // The answer is kept from this page, which looks like a failure to it.
            await fetch(url, { ...options, mode: 'no-cors' }).catch(() => undefined);
          },
          { url: `${service.apiUrl}/console/session`, token: OPS_TOKEN },
        );
      });
      expect(await answered('POST', '/session', after)).toBe(403);
    },
  );

  it.each(['/console', '/demo', '/docs/', '/docs/errors'])(
    'when %s is framed, then the frame stays empty',
    async (path) => {
      await onForeignPage('the same', async (page) => {
        await page.setContent(`<iframe src="${service.apiUrl}${path}"></iframe>`);
        await expect
          .poll(() =>
            page
              .frames()
              .find((frame) => frame !== page.mainFrame())
              ?.url(),
          )
          .toMatch(/^chrome-error:/);
      });
    },
  );

  it('when a page opens the console, then it cannot reach into its window', async () => {
    await onForeignPage('the same', async (page) => {
      const opened = page.waitForEvent('popup');
      await page.evaluate((url) => {
        Object.assign(globalThis, { opened: window.open(url) });
      }, `${service.apiUrl}/console`);
      const popup = await opened;
      await popup.waitForLoadState();
      const isReached = await popup.evaluate(() => window.opener !== null);
      expect(isReached).toBe(false);
    });
  });
});
