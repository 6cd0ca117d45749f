/** Pages, wherever the service is installed. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { expect, it, onTestFinished } from 'vitest';
import { pageRoutes } from '../../src/api/page.routes.js';

it('when the service is installed below a folder whose name begins with a dot, then its pages are found', async () => {
  const home = await mkdtemp(join(tmpdir(), 'pages-'));
  onTestFinished(async () => await rm(home, { recursive: true }));
  const built = join(home, '.apps', 'dist');
  await mkdir(join(built, 'pages', 'console', 'assets'), { recursive: true });
  await writeFile(join(built, 'pages', 'console', 'index.html'), '<!DOCTYPE html><p>page');
  await writeFile(join(built, 'pages', 'console', 'assets', 'main.js'), 'export {};');
  const server = createServer(express().use('/console', pageRoutes('console', built)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/console`;
  const page = await fetch(`${url}/orders/A-1`, { headers: { Accept: 'text/html' } });
  expect([page.status, await page.text()]).toEqual([200, '<!DOCTYPE html><p>page']);
  expect(page.headers.get('Cache-Control')).toBe('no-cache');
  expect((await fetch(`${url}/assets/main.js`)).status).toBe(200);
});
