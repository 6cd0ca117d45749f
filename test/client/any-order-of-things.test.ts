/** Whatever happens in whatever order: what the client never does, and that it comes to an end. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PaymentState } from '../../src/client/payment-client.js';
import { NEXT_ACTIONS } from '../../src/domain/payer-words.js';
import {
  answer,
  pass,
  payable,
  problem,
  type Reaction,
  sleep,
  Tab,
  useFakeClock,
} from './fake-tab.js';

beforeEach(useFakeClock);
afterEach(() => {
  vi.useRealTimers();
});

const ANSWERS = NEXT_ACTIONS.map((action) => answer(action));
const NO_ANSWERS: readonly Reaction[] = [
  'network error',
  'hang',
  problem(503, 'unavailable', '2'),
  problem(429, 'rate_limited', '60'),
  { status: 200, body: '<html></html>' },
  answer('show_success', { merchantOrderNo: 'A-2' }),
  answer('keep_polling', { paid: true }),
  answer('show_success', { nextAction: 'celebrate' }),
];
const PAY_REACTIONS: readonly Reaction[] = [
  payable(),
  payable(null),
  problem(409, 'order_not_payable'),
  'network error',
  'hang',
];
const CANCELED = { responseCode: '110', responseMsg: 'Canceled by user' };

interface Step {
  readonly name: string;
  /** A promise is waited for when the step is time that goes by; the calls of a page go on beside what follows. */
  readonly act: (tab: Tab) => Promise<unknown> | undefined;
}

function step(name: string, act: (tab: Tab) => unknown): Step {
  return {
    name,
    act: (tab) => {
      act(tab);
      return undefined;
    },
  };
}

const steps = fc.oneof(
  fc.constantFrom(
    step('wait', ({ client }) => client.waitForPayment()),
    step('look', ({ client }) => client.checkNow()),
    step('canceled', ({ client }) => client.reportPosResult(CANCELED)),
    step('success', ({ client }) => client.reportPosResult({ responseCode: '000' })),
    step('silence', ({ client }) => client.reportPosResult(null)),
    step('pay', ({ client }) => client.payAgain().catch(() => undefined)),
    step('pay twice', ({ client }) => {
      client.payAgain().catch(() => undefined);
      client.payAgain().catch(() => undefined);
    }),
    step('stop', ({ client }) => client.stop()),
    step('offline', (tab) => tab.goOffline()),
    step('online', (tab) => tab.goOnline()),
    step('hidden', (tab) => tab.show('hidden')),
    step('visible', (tab) => tab.show('visible')),
    step('left and restored', (tab) => tab.restore(120_000)),
    step('asleep', () => sleep(600_000)),
    step('clock set back', () => sleep(-5_000)),
  ),
  fc
    .integer({ min: 1, max: 15_000 })
    .map((ms): Step => ({ name: `${ms} ms`, act: async () => await pass(ms) })),
);

const reactions = fc.record({
  questions: fc.array(fc.constantFrom(...ANSWERS, ...NO_ANSWERS), { minLength: 1, maxLength: 12 }),
  payments: fc.array(fc.constantFrom(...PAY_REACTIONS), { minLength: 1, maxLength: 4 }),
});

/** What the service has really said, and what was shown without it. */
class Witness {
  readonly violations: string[] = [];
  #said: readonly unknown[] = [];
  isCanceledReported = false;

  note(reaction: Reaction): Reaction {
    if (!ANSWERS.includes(reaction)) return reaction;
    const { body } = reaction as { body: { nextAction: unknown } };
    this.#said = [...this.#said, body.nextAction];
    return reaction;
  }

  check({ kind }: PaymentState): void {
    if (kind === 'paid' && !this.#said.includes('show_success')) this.violations.push('paid');
    const last = this.#said.at(-1);
    const isDefinite = last === 'pay_again' || (this.isCanceledReported && last === 'keep_polling');
    if (kind === 'pay_again' && !isDefinite) this.violations.push(`pay_again after ${last}`);
  }
}

async function play(
  scenario: readonly Step[],
  { questions, payments }: { questions: readonly Reaction[]; payments: readonly Reaction[] },
): Promise<{ readonly tab: Tab; readonly witness: Witness }> {
  const witness = new Witness();
  let asked = 0;
  let paid = 0;
  const tab = new Tab((call) => {
    if (call.action === 'pay') return payments[paid++ % payments.length] ?? 'hang';
    return witness.note(questions[asked++ % questions.length] ?? 'hang');
  });
  tab.client.subscribe((state) => witness.check(state));
  for (const { name, act } of scenario) {
    if (name === 'canceled') witness.isCanceledReported = true;
    await act(tab);
    await pass(0);
  }
  return { tab, witness };
}

it('when things happen in any order, then nothing is shown that the service has not said', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 25 }), reactions, async (scenario, script) => {
      vi.clearAllTimers();
      const { tab, witness } = await play(scenario, script);
      expect(witness.violations).toEqual([]);
      const offers = tab.kinds.filter((kind) => kind === 'pay_again').length;
      expect(tab.callsOf('pay').length).toBeLessThanOrEqual(offers);
      tab.client.stop();
      await pass(1_000);
      expect(vi.getTimerCount()).toBe(0);
      await comesToAnEnd(tab);
    }),
    { numRuns: 250 },
  );
}, 60_000);

/** With the service back, whatever was before. */
async function comesToAnEnd(tab: Tab): Promise<void> {
  tab.navigator.onLine = true;
  tab.service = () => answer('check_later');
  let isEnded = false;
  const waiting = tab.client.waitForPayment().then((state) => {
    isEnded = true;
    return state;
  });
  await pass(62_000);
  expect(isEnded).toBe(true);
  expect((await waiting).kind).toMatch(/^(paid|do_not_pay_again)$/);
}
