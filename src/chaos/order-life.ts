/** One order from the shop's side: created, asked about, and whatever its story wants. */
import { setTimeout as pause } from 'node:timers/promises';
import { isAccepted, type ServiceAnswer, type ServiceClient } from './service-client.js';
import { CHAOS_TERMINAL } from './service-environment.js';
import type { TellSimulator } from './simulator-client.js';
import type { Story } from './stories.js';

const CREATE_TRIES_MAX = 12;
const RETRY_PAUSE_MS = 1_000;
const POLL_PAUSE_MS = 2_000;
const POLLS_MAX = 15;
const REFUND_TRIES_MAX = 10;
const TILL_TRIES_MAX = 15;
const CANCEL_AFTER_MS = 1_200;
const PART_MINOR = 100;

export interface LifeSurroundings {
  readonly service: ServiceClient;
  readonly tellSimulator: TellSimulator;
  readonly checkSchedule: readonly string[];
  /** Aborted when the load ends: polling ends, nothing new is asked for. */
  readonly signal: AbortSignal;
}

export interface PlannedOrder {
  readonly number: string;
  readonly story: Story;
  /** Minor units. */
  readonly amount: number;
}

/** Lives an order to its end, as far as the shop is concerned. Never throws: what went wrong is in the journal. */
export async function liveOrder(
  { number, story, amount }: PlannedOrder,
  { service, tellSimulator, checkSchedule, signal }: LifeSurroundings,
): Promise<void> {
  const { scenario, parameters, channel } = story;
  await tellSimulator(`/orders/${number}/scenario`, { scenario, ...parameters });
  const order = {
    merchantOrderNo: number,
    ...{ channel, amount, story: story.name },
    terminalSn: channel === 'hosted' ? null : CHAOS_TERMINAL,
    schedule: checkSchedule,
  };
  const created = await untilAccepted(
    CREATE_TRIES_MAX,
    async () => await service.createOrder(order),
    signal,
  );
  if (!created) return;
  if (channel === 'pos') await sellAtTill({ number, amount }, { service, tellSimulator, signal });
  if (story.act === 'cancels') {
    await pause(CANCEL_AFTER_MS);
    await untilAnswered(async () => await service.cancel(number), signal);
  }
  await watch(number, story, service, signal);
  if (story.act === 'refunds_part' || story.act === 'refunds_all') {
    const refunded = story.act === 'refunds_all' ? amount : PART_MINOR;
    await untilAnswered(async () => await service.refund(number, `${number}-R`, refunded), signal);
  }
}

/** The payer's page: asks until the end, and pays again when it is invited to. */
async function watch(
  number: string,
  story: Story,
  service: ServiceClient,
  signal: AbortSignal,
): Promise<void> {
  for (let polls = 0; polls < POLLS_MAX && !signal.aborted; polls += 1) {
    const { body } = await service.verify(number);
    if (body.final === true || body.status === 'review') return;
    if (body.nextAction === 'pay_again' && story.act === 'pays_again') {
      await service.payAgain(number);
    }
    await pause(POLL_PAUSE_MS);
  }
}

/** The till starts its sale with this number, and tells what its terminal said. */
async function sellAtTill(
  { number, amount }: Pick<PlannedOrder, 'number' | 'amount'>,
  { service, tellSimulator, signal }: Omit<LifeSurroundings, 'checkSchedule'>,
): Promise<void> {
  for (let tries = 0; tries < TILL_TRIES_MAX && !signal.aborted; tries += 1) {
    const sale = { merchantOrderNo: number, amount, currency: 'USD', terminalSn: CHAOS_TERMINAL };
    if (await tellSimulator('/pos-sales', sale)) break;
    await pause(RETRY_PAUSE_MS);
  }
  await pause(POLL_PAUSE_MS);
  await service.posResult(number, { responseCode: '000', responseMsg: 'success' });
}

async function untilAccepted(
  triesMax: number,
  ask: () => Promise<ServiceAnswer>,
  signal: AbortSignal,
): Promise<boolean> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    if (isAccepted(await ask())) return true;
    if (signal.aborted) return false;
    await pause(RETRY_PAUSE_MS);
  }
  return false;
}

/** A refusal is an answer too. */
async function untilAnswered(
  ask: () => Promise<ServiceAnswer>,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 0; tries < REFUND_TRIES_MAX && !signal.aborted; tries += 1) {
    const { status } = await ask();
    if (status !== null && status !== 503) return;
    await pause(RETRY_PAUSE_MS);
  }
}
