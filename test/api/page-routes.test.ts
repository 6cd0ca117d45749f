/** Pages, wherever the service is installed. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { expect, it, onTestFinished } from 'vitest';
import { errorHandler, notFound } from '../../src/api/middleware/error-handler.js';
import { pageRoutes } from '../../src/api/page.routes.js';

/** @returns where a page of the console is served from a folder of its own */
async function servedPage(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'pages-'));
  onTestFinished(async () => await rm(home, { recursive: true }));
  const built = join(home, '.apps', 'dist');
  await mkdir(join(built, 'pages', 'console', 'assets'), { recursive: true });
  await writeFile(join(built, 'pages', 'console', 'index.html'), '<!DOCTYPE html><p>page');
  await writeFile(join(built, 'pages', 'console', 'assets', 'main.js'), 'export {};');
  const app = express().use('/console', pageRoutes('console', built));
  const server = createServer(app.use(notFound, errorHandler('https://pay.example.com')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/console`;
}

it('when the service is installed below a folder whose name begins with a dot, then its pages are found', async () => {
  const url = await servedPage();
  const page = await fetch(`${url}/orders/A-1`, { headers: { Accept: 'text/html' } });
  expect([page.status, await page.text()]).toEqual([200, '<!DOCTYPE html><p>page']);
  expect(page.headers.get('Cache-Control')).toBe('no-cache');
  expect((await fetch(`${url}/assets/main.js`)).status).toBe(200);
});

it.each([
  ['a range beyond its end', { Range: 'bytes=999999-' }],
  ['a condition that does not hold', { 'If-Match': '"x"' }],
  ['a time that it has changed after', { 'If-Unmodified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' }],
])(
  'when a page is asked for with %s, then it is refused by name, as no error of ours',
  async (_name, headers) => {
    const url = await servedPage();
    for (const path of ['/orders/A-1', '/assets/main.js']) {
      const answer = await fetch(url + path, { headers: { Accept: 'text/html', ...headers } });
      expect([path, answer.status]).toEqual([path, 400]);
      expect(await answer.json()).toMatchObject({ code: 'malformed_request' });
    }
  },
);
