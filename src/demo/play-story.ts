import { randomBytes } from 'node:crypto';
import type { DemoAuditEntry, DemoOrder, DemoService } from './demo-service.js';
import { DemoError } from './demo-service.js';
import type { DemoStory } from './demo-stories.js';

export interface StoryResult {
  readonly story: DemoStory;
  readonly merchantOrderNo: string;
  /** What was wrong; empty when the order ended as it must. */
  readonly faults: readonly string[];
  readonly seconds: number;
}

/** Told of every line of an order's timeline as it happens. */
export type TimelineListener = (story: DemoStory, entry: DemoAuditEntry, seconds: number) => void;

const POLL_MS = 250;
const STORY_MS_MAX = 120_000;
const AMOUNT_MINOR = 1_050;
const TERMINAL_SN = 'DEMO-TERMINAL';
/** After the expected end, an order is watched this long for anything that would change it. */
const SETTLED_MS = 2_500;

/** Drives one order through its story and compares its end with the one it must have. */
export async function playStory(
  service: DemoService,
  story: DemoStory,
  onEntry: TimelineListener,
): Promise<StoryResult> {
  const merchantOrderNo = `DEMO-${randomBytes(10).toString('hex')}`;
  const startedMs = Date.now();
  const seconds = () => (Date.now() - startedMs) / 1_000;
  const key = encodeURIComponent(merchantOrderNo);
  try {
    await service.control(`/orders/${key}/scenario`, {
      scenario: story.scenario,
      ...story.parameters,
    });
    const created = service.createOrder({
      merchantOrderNo,
      channel: story.channel,
      amount: AMOUNT_MINOR,
      currency: 'USD',
      description: `Demo: ${story.name}`,
      ...(story.channel === 'cloud' ? { terminalSn: TERMINAL_SN } : {}),
      checks: { strategy: 'progressive', schedule: story.schedule },
    });
    const ended = await followToEnd(service, story, {
      merchantOrderNo,
      created,
      onEntry: (entry) => onEntry(story, entry, seconds()),
    });
    return { story, merchantOrderNo, faults: faultsOf(story, ended), seconds: seconds() };
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { story, merchantOrderNo, faults: [fault], seconds: seconds() };
  }
}

interface Ended {
  readonly order: DemoOrder;
  readonly entries: readonly DemoAuditEntry[];
}

async function followToEnd(
  service: DemoService,
  story: DemoStory,
  follow: {
    readonly merchantOrderNo: string;
    readonly created: Promise<DemoOrder>;
    readonly onEntry: (entry: DemoAuditEntry) => void;
  },
): Promise<Ended> {
  const { merchantOrderNo } = follow;
  await follow.created;
  const acting = act(service, story, merchantOrderNo);
  acting.catch(() => {
    // Awaited at the end of the story; it may fail long before.
  });
  const endMs = Date.now() + STORY_MS_MAX;
  let shown = 0;
  let settledSinceMs: number | null = null;
  for (;;) {
    const [order, entries] = await Promise.all([
      service.order(merchantOrderNo),
      service.audit(merchantOrderNo),
    ]);
    for (const entry of entries.slice(shown)) follow.onEntry(entry);
    if (entries.length > shown || order.status !== story.ends.status) settledSinceMs = null;
    shown = entries.length;
    if (order.status === story.ends.status) settledSinceMs ??= Date.now();
    const isSettled = settledSinceMs !== null && Date.now() - settledSinceMs >= SETTLED_MS;
    if (isSettled || Date.now() >= endMs) {
      await acting;
      return { order, entries };
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function act(service: DemoService, story: DemoStory, merchantOrderNo: string): Promise<void> {
  const key = encodeURIComponent(merchantOrderNo);
  switch (story.act) {
    case 'payer_pays':
      await payAtGateway(service, merchantOrderNo);
      return;
    case 'till_sells':
      await service.control('/pos-sales', {
        merchantOrderNo,
        terminalSn: TERMINAL_SN,
        amount: AMOUNT_MINOR,
        currency: 'USD',
      });
      return;
    case 'merchant_cancels':
      await service.cancel(merchantOrderNo);
      return;
    case 'pay_again_then_pays':
      await untilDeclined(service, merchantOrderNo);
      await service.control(`/orders/${key}/scenario`, { scenario: 'waits' });
      await service.payAgain(merchantOrderNo);
      await payAtGateway(service, merchantOrderNo);
      return;
    case 'pay_then_refund':
      await payAtGateway(service, merchantOrderNo);
      await untilPaid(service, merchantOrderNo);
      await refund(service, story, merchantOrderNo);
      return;
    case undefined:
      return;
  }
}

/** A person pays as soon as the order is at the gateway, which it may reach only with a second try. */
async function payAtGateway(service: DemoService, merchantOrderNo: string): Promise<void> {
  const path = `/orders/${encodeURIComponent(merchantOrderNo)}/pay`;
  const endMs = Date.now() + STORY_MS_MAX;
  for (;;) {
    try {
      await service.control(path);
      return;
    } catch (error) {
      if (Date.now() >= endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

async function refund(
  service: DemoService,
  { refund: wanted }: DemoStory,
  merchantOrderNo: string,
): Promise<void> {
  const refundNo = `R-${merchantOrderNo}`.slice(0, 32);
  const scenario = wanted?.scenario ?? 'refund_succeeds_after';
  await service.control(`/refunds/${encodeURIComponent(refundNo)}/scenario`, { scenario });
  await service.refund(merchantOrderNo, {
    refundNo,
    reason: 'Demo: the goods came back',
    ...(wanted?.amount === undefined ? {} : { amount: wanted.amount }),
  });
}

async function untilPaid(service: DemoService, merchantOrderNo: string): Promise<void> {
  const endMs = Date.now() + STORY_MS_MAX;
  while (Date.now() < endMs) {
    if ((await service.order(merchantOrderNo)).status === 'paid') return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new DemoError('the order was never paid');
}

async function untilDeclined(service: DemoService, merchantOrderNo: string): Promise<void> {
  const endMs = Date.now() + STORY_MS_MAX;
  while (Date.now() < endMs) {
    const entries = await service.audit(merchantOrderNo);
    if (entries.some((entry) => entry.data?.answer === 'closed')) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new DemoError('the order was never declined');
}

function faultsOf({ ends }: DemoStory, { order, entries }: Ended): readonly string[] {
  const faults: string[] = [];
  const expectSame = (what: string, actual: unknown, expected: unknown) => {
    if (expected !== undefined && actual !== expected) {
      faults.push(`${what} is ${String(actual)}, must be ${String(expected)}`);
    }
  };
  const decision = entries.findLast((entry) => entry.data?.to === ends.status);
  expectSame('status', order.status, ends.status);
  expectSame('decided by', order.decidedBy?.source, ends.decidedBy);
  expectSame('review reason', decision?.data?.reviewReason, ends.reviewReason);
  expectSame('proof', decision?.data?.proof, ends.proof);
  const isInSequence = entries.every((entry, index) => entry.sequence === index + 1);
  if (!isInSequence) faults.push('the audit has gaps');
  return faults;
}
