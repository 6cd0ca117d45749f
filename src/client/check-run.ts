/** Asking until there is an end: for a while, or for one definite look. */
import type { PaymentClientEnvironment } from './client-environment.js';
import { outcomeOf } from './outcome.js';
import { type Pause, pauseMs } from './pause.js';
import { checking, doNotPayAgain, type EndState, type PaymentState } from './payment-state.js';
import {
  QUESTION_TIMEOUT_MS,
  type Reply,
  type ServiceCalls,
  type TerminalReport,
} from './service-calls.js';

/** Until the service has said otherwise. Source: CodePay guide, 3.2. */
const POLL_AFTER_MS = 2_000;
const POLL_FOR_MS = 60_000;

/** One definite look is given up after so many questions without an answer. */
const LOOK_QUESTIONS_MAX = 3;

/** Browsers are at times wrong about being offline: then nothing would ever be asked again. */
const OFFLINE_PAUSE_MS = 15_000;

/** A timer that is late by more than this did not run: the device or the page slept. */
const SLEEP_MS = 1_500;

/** How a run goes about it. */
export interface CheckPlan {
  /** `wait` asks for as long as the service says; `look` takes the first answer. May be hurried while it runs. */
  patience: 'wait' | 'look';
  /** Handed over with the first question. */
  readonly report: TerminalReport | null;
  readonly isCanceledAtTerminal: boolean;
}

/** A plan without a report. */
export function checkPlan(patience: 'wait' | 'look', isCanceledAtTerminal = false): CheckPlan {
  return { patience, report: null, isCanceledAtTerminal };
}

export interface CheckPorts {
  readonly merchantOrderNo: string;
  readonly environment: PaymentClientEnvironment;
  readonly calls: ServiceCalls;
  readonly pause: Pause;
  readonly show: (state: PaymentState) => void;
  /** @param askedAtMs epoch ms of the question @see Circumstances.isPayAgainOutdated */
  readonly isPayAgainOutdated: (askedAtMs: number) => boolean;
}

/** A run that is under way; its promise resolves with the end state, after an abort with the state as it is. */
export interface CheckRun {
  readonly plan: CheckPlan;
  readonly controller: AbortController;
  readonly promise: Promise<PaymentState>;
}

/** An end, and when the question was asked (epoch ms) that led to it. */
export interface CheckedEnd {
  readonly end: EndState;
  readonly askedAtMs: number;
}

/**
 * One run. An end is told only right after a question, so a page that slept asks before it says anything. Time counts
 * while there was a chance to ask: not while the browser is offline, and of a pause no more than was meant, however
 * long the device slept in it. A payer who was away in the banking app gets the whole time.
 * @returns `null` when the signal aborted it
 */
export async function runChecks(
  plan: CheckPlan,
  ports: CheckPorts,
  signal: AbortSignal,
): Promise<CheckedEnd | null> {
  const { environment, pause } = ports;
  const progress = new Progress(plan, ports);
  let { report } = plan;
  while (!signal.aborted) {
    if (isOffline(environment)) {
      ports.show(checking(true, progress.startedAtMs(true)));
      await pause.wait(OFFLINE_PAUSE_MS, { isFixed: false, signal });
      if (signal.aborted) break;
    }
    const isStillOffline = isOffline(environment);
    ports.show(checking(isStillOffline, progress.startedAtMs(isStillOffline)));
    const askedAtMs = environment.now();
    const reply = await ask(report, ports.calls, signal);
    if (signal.aborted) break;
    // When a report does not get through, the question alone matters; but of a cancellation the service has to know,
    // because it tells whether the gateway contradicts it.
    if (!plan.isCanceledAtTerminal || reply.kind === 'answer') report = null;
    const tookMs = environment.now() - askedAtMs;
    if (reply.kind === 'no_answer' && mustAskAnew(environment, tookMs)) continue;
    progress.note(reply, tookMs);
    const end = endOf(reply, { plan, ports, askedAtMs }) ?? progress.endWhenOver(reply);
    if (end !== null) return { end, askedAtMs };
    const { delayMs, isFixed } = progress.pauseAfter(reply);
    const pausedAtMs = environment.now();
    await pause.wait(delayMs, { isFixed, signal });
    progress.count(environment.now() - pausedAtMs, delayMs);
  }
  return null;
}

function isOffline({ navigator }: PaymentClientEnvironment): boolean {
  return navigator?.onLine === false;
}

/** The question had no chance: the browser is offline, or the device slept while it was under way. */
function mustAskAnew(environment: PaymentClientEnvironment, tookMs: number): boolean {
  return isOffline(environment) || tookMs > QUESTION_TIMEOUT_MS + SLEEP_MS;
}

async function ask(
  report: TerminalReport | null,
  calls: ServiceCalls,
  signal: AbortSignal,
): Promise<Reply> {
  return report === null ? await calls.verify(signal) : await calls.report(report, signal);
}

function endOf(
  reply: Reply,
  asked: { readonly plan: CheckPlan; readonly ports: CheckPorts; readonly askedAtMs: number },
): EndState | null {
  const { merchantOrderNo, isPayAgainOutdated } = asked.ports;
  if (reply.kind === 'no_answer') return null;
  if (reply.kind === 'not_authorised') return doNotPayAgain(merchantOrderNo, 'not_authorised');
  return outcomeOf(reply.answer, {
    merchantOrderNo,
    isCanceledAtTerminal: asked.plan.isCanceledAtTerminal,
    isPayAgainOutdated: isPayAgainOutdated(asked.askedAtMs),
  });
}

/** How far a run has come. */
class Progress {
  readonly #plan: CheckPlan;
  readonly #ports: CheckPorts;
  #countedMs = 0;
  #failures = 0;
  #pollAfterMs = POLL_AFTER_MS;
  #pollForMs = POLL_FOR_MS;
  #shownStartMs: number | null = null;

  constructor(plan: CheckPlan, ports: CheckPorts) {
    this.#plan = plan;
    this.#ports = ports;
  }

  /** Moves only by what was not counted: a state that changes at each poll would be announced at each poll. */
  startedAtMs(isShownOffline: boolean): number {
    const startMs = this.#ports.environment.now() - this.#countedMs;
    const before = this.#shownStartMs;
    if (before === null || (!isShownOffline && Math.abs(startMs - before) > 1_000)) {
      this.#shownStartMs = startMs;
      return startMs;
    }
    return before;
  }

  /** @param tookMs the question, in ms */
  note(reply: Reply, tookMs: number): void {
    this.count(tookMs, QUESTION_TIMEOUT_MS);
    if (reply.kind !== 'answer') {
      this.#failures += 1;
      return;
    }
    this.#failures = 0;
    this.#pollAfterMs = reply.answer.pollAfterMs;
    this.#pollForMs = reply.answer.pollForMs;
  }

  /** @param atMostMs what was meant: more than that was sleep */
  count(tookMs: number, atMostMs: number): void {
    this.#countedMs += Math.min(Math.max(tookMs, 0), atMostMs);
  }

  endWhenOver(reply: Reply): EndState | null {
    const isAnswered = reply.kind === 'answer';
    const isOver =
      this.#plan.patience === 'look'
        ? isAnswered || this.#failures >= LOOK_QUESTIONS_MAX
        : this.#countedMs >= this.#pollForMs;
    if (!isOver) return null;
    return doNotPayAgain(this.#ports.merchantOrderNo, isAnswered ? 'not_confirmed' : 'unreachable');
  }

  /** The last question of a wait falls on its end. A time that the service asked for is kept in any case. */
  pauseAfter(reply: Reply): { readonly delayMs: number; readonly isFixed: boolean } {
    const wantedMs = pauseMs({
      pollAfterMs: this.#pollAfterMs,
      failures: this.#failures,
      random: this.#ports.environment.random(),
    });
    const leftMs = Math.max(this.#pollForMs - this.#countedMs, 0);
    const delayMs = this.#plan.patience === 'wait' ? Math.min(wantedMs, leftMs) : wantedMs;
    const retryAfterMs = reply.kind === 'no_answer' ? reply.retryAfterMs : null;
    return retryAfterMs !== null && retryAfterMs > delayMs
      ? { delayMs: retryAfterMs, isFixed: true }
      : { delayMs, isFixed: false };
  }
}
