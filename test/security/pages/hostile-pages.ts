/** A browser in which whatever a page should never do leaves a trace. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openPage, type WatchedPage } from '../../support/browser.js';

/** What would run if any page took it for more than text. Each sets the same mark. */
export const HOSTILE = [
  '"><img src=x onerror="hacked=1">',
  '<script>hacked=1</script>',
  '<svg onload=hacked=1>',
  '</textarea></title></style></script><iframe srcdoc="<script>parent.hacked=1</script>">',
  '\'-hacked=1-\'"-hacked=1-"{{hacked=1}}',
  '<a href="javascript:hacked=1">x</a> [x](javascript:hacked=1) javascript:hacked=1',
].join(' ');

/** Shorter than what a field of a payment takes at most. */
export const HOSTILE_TEXT = HOSTILE.slice(0, 255);

export interface AttackedPage extends WatchedPage {
  /** What a policy had to forbid; a page that treats text as text gives it nothing to do. */
  readonly violations: () => Promise<readonly string[]>;
  readonly isHacked: () => Promise<boolean>;
}

/** @throws what the browser does not allow */
export async function openAttacked(
  browser: Browser,
  options: BrowserContextOptions,
): Promise<AttackedPage> {
  const watched = await openPage(browser, options);
  const seen: string[] = [];
  const { page } = watched;
  await page.context().exposeFunction('tellViolation', (text: string) => seen.push(text));
  await page.context().addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      const { tellViolation } = globalThis as unknown as { tellViolation(text: string): void };
      tellViolation(`${violatedDirective} ${blockedURI}`);
    });
  });
  page.on('dialog', (dialog) => {
    seen.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  return {
    ...watched,
    violations: async () => {
      // The page's own queue is empty then, and what was told before has arrived.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      return seen;
    },
    isHacked: async () => await page.evaluate(() => 'hacked' in globalThis),
  };
}

/** All that is folded away is shown. */
export async function unfoldAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
}
