/** The operators' console in a real browser over the real processes, and orders to look at. */
import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser, openPage, type WatchedPage } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { type ServiceUnderTest, startService } from '../support/service-processes.js';

export const OPERATOR = 'alex';
/** May look and do nothing. */
const READER = 'rita';

export interface ConsoleStage {
  readonly service: ServiceUnderTest;
  readonly browser: Browser;
  readonly token: string;
  /** A page that nobody has logged in to. */
  visit(path?: string, options?: BrowserContextOptions): Promise<WatchedPage>;
  /** A page of an operator at the address. */
  enter(path?: string, options?: BrowserContextOptions): Promise<WatchedPage>;
  /** The same for an operator whose token may only read. */
  enterToRead(path?: string, options?: BrowserContextOptions): Promise<WatchedPage>;
  close(): Promise<void>;
}

export async function startConsoleStage(): Promise<ConsoleStage> {
  const token = randomBytes(24).toString('base64url');
  const readerToken = randomBytes(24).toString('base64url');
  const service = await startService({
    environment: { OPS_TOKENS: `${OPERATOR}:${token},${READER}[read]:${readerToken}` },
  });
  const browser = await openBrowser();
  const visit = async (path = '/console', options: BrowserContextOptions = {}) => {
    const visited = await openPage(browser, { baseURL: service.apiUrl, ...options });
    await visited.page.goto(path);
    return visited;
  };
  const enterWith = async (own: string, path?: string, options?: BrowserContextOptions) => {
    const visited = await visit(path, options);
    await logIn(visited.page, own);
    await visited.page.getByRole('navigation', { name: 'Console' }).waitFor();
    return visited;
  };
  return {
    service,
    browser,
    token,
    visit,
    enter: async (path, options) => await enterWith(token, path, options),
    enterToRead: async (path, options) => await enterWith(readerToken, path, options),
    close: async () => {
      await browser.close();
      await service.close();
    },
  };
}

export async function logIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Ops token').fill(token);
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** A browser reports a refused login, and the call that finds its session ended, as errors of the page; they are none. */
export function unexpected(errors: readonly string[]): readonly string[] {
  return errors.filter((text) => !/status of 401/.test(text));
}

export interface StagedOrder {
  /** Scenario of the simulator, such as `waits` or `paid_after`. */
  readonly scenario?: string;
  readonly parameters?: Readonly<Record<string, number>>;
  readonly amount?: number;
  readonly currency?: string;
}

/** A hosted order of a number of its own. @returns the number */
export async function createOrder(stage: ConsoleStage, order: StagedOrder = {}): Promise<string> {
  const { demo } = stage.service;
  const merchantOrderNo = `C-${randomBytes(8).toString('hex')}`;
  await demo.control(`/orders/${merchantOrderNo}/scenario`, {
    scenario: order.scenario ?? 'waits',
    ...order.parameters,
  });
  await demo.createOrder({
    merchantOrderNo,
    channel: 'hosted',
    amount: order.amount ?? 1_050,
    currency: order.currency ?? 'USD',
    checks: { strategy: 'progressive', schedule: ['10m'] },
  });
  return merchantOrderNo;
}

/** An order that its callback has proven paid. @returns the number */
export async function createPaidOrder(stage: ConsoleStage): Promise<string> {
  const merchantOrderNo = await createOrder(stage);
  await stage.service.demo.control(`/orders/${merchantOrderNo}/pay`);
  await untilStatus(stage, merchantOrderNo, 'paid');
  return merchantOrderNo;
}

/** An order that a person has to decide: another amount was paid. @returns the number */
export async function createReviewOrder(stage: ConsoleStage): Promise<string> {
  const merchantOrderNo = await createOrder(stage, {
    scenario: 'callback_wrong_amount',
    parameters: { payAfterMs: 0 },
  });
  await untilStatus(stage, merchantOrderNo, 'review');
  return merchantOrderNo;
}

export async function untilStatus(
  stage: ConsoleStage,
  merchantOrderNo: string,
  status: string,
): Promise<void> {
  await eventually(`order ${merchantOrderNo} is ${status}`, async () => {
    return (await stage.service.demo.order(merchantOrderNo)).status === status;
  });
}

/** Waits until the audit holds an entry of the event. @returns it */
export async function auditEntry(stage: ConsoleStage, merchantOrderNo: string, event: string) {
  return await eventually(`the audit of ${merchantOrderNo} holds ${event}`, async () =>
    (await stage.service.demo.audit(merchantOrderNo)).find((entry) => entry.event === event),
  );
}

export function orderAddress(merchantOrderNo: string): string {
  return `/console/orders/${encodeURIComponent(merchantOrderNo)}`;
}
