/** A real browser for the tests of pages. Where none can be found its tests say so and count as skipped. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { describe } from 'vitest';

const CANDIDATES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const AXE_SCRIPT = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const executablePath = CANDIDATES.find((path) => path !== undefined && existsSync(path));

/** Sizes that every page is looked at in. */
export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 800 };

/** As `describe`; skipped, and loudly so, where there is no Chromium (`CHROMIUM_PATH` names one elsewhere). */
export function describeInBrowser(name: string, tests: () => void): void {
  if (executablePath === undefined) {
    process.stderr.write(
      `\nNO BROWSER: "${name}" is skipped. Install Chromium, or name one in CHROMIUM_PATH.\n`,
    );
  }
  describe.skipIf(executablePath === undefined)(name, tests);
}

/** @throws when there is no browser: only inside {@link describeInBrowser} */
export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

/** A page of its own context that remembers everything that went wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of scripts, console errors, and violations of the content security policy. */
  readonly errors: readonly string[];
  readonly close: () => Promise<void>;
}

export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: DESKTOP, ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return { page, errors, close: async () => await context.close() };
}

/** The debugger runs axe: the page's own policy stays as it is. What axe finds on the page as it stands that is serious or critical, one line each. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(await axeSource());
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{
          violations: { id: string; impact: string; help: string; nodes: { html: string }[] }[];
        }>;
      };
    };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html ?? ''}`);
  });
}

let source: Promise<string> | null = null;

async function axeSource(): Promise<string> {
  source ??= import('node:fs/promises').then(({ readFile }) => readFile(AXE_SCRIPT, 'utf8'));
  return await source;
}
