import { PAGE_WORDS } from '../domain/payer-words.js';
import { saysCanceledByUser } from '../domain/pos-result.js';
import {
  type CheckedEnd,
  type CheckPlan,
  type CheckPorts,
  type CheckRun,
  checkPlan,
  runChecks,
} from './check-run.js';
import { browserEnvironment } from './client-environment.js';
import type { PaymentClient, PaymentClientOptions, PosResult } from './client-interface.js';
import { listenToPage } from './page-events.js';
import { createPause } from './pause.js';
import {
  outdatedForMs,
  type PayAgainEvidence,
  type Paying,
  payOnce,
  type Started,
} from './pay-once.js';
import { PaymentNotAllowed, payFailure } from './payment-errors.js';
import { idle, type PaymentState, payingAgain } from './payment-state.js';
import { quietLook } from './quiet-look.js';
import { createServiceCalls } from './service-calls.js';
import { ShownState } from './shown-state.js';
import { type OtherAttempt, Tabs } from './tab-channel.js';
import { terminalReport } from './terminal-report.js';

/** What is shown is looked at again when the page comes back after so long. */
const SHOWN_AGE_MS = 10_000;

/** The client of one order in one tab. At any moment it does one thing: check, pay again, or nothing. */
export class PaymentFlow implements PaymentClient {
  readonly #ports: CheckPorts;
  readonly #tabs: Tabs;
  readonly #shown: ShownState;
  #stopListening: (() => void) | null = null;
  #run: CheckRun | null = null;
  #paying: Paying | null = null;
  #other: Promise<OtherAttempt> | null = null;
  #evidence: PayAgainEvidence | null = null;
  #refreshing: AbortController | null = null;
  #lookedAtMs = 0;
  #stops = 0;
  #payAgainOutdatedUntilMs = 0;

  constructor(options: PaymentClientOptions) {
    const { merchantOrderNo, verifyToken } = options;
    const environment = { ...browserEnvironment(), ...options.environment };
    const baseUrl = (options.baseUrl ?? environment.origin).replace(/\/+$/, '');
    this.#shown = new ShownState(environment);
    this.#ports = {
      merchantOrderNo,
      environment,
      calls: createServiceCalls({ merchantOrderNo, verifyToken, baseUrl }, environment),
      pause: createPause(environment),
      show: (state) => this.#shown.show(state),
      isPayAgainOutdated: (askedAtMs) => askedAtMs < this.#payAgainOutdatedUntilMs,
    };
    this.#tabs = new Tabs(`payment-orders/${baseUrl}/${merchantOrderNo}`, environment, {
      onEnded: (end) => {
        if (end !== this.#shown.state.kind) this.#lookAgain(0);
      },
      onOtherAttempt: (attempt) => void this.#followOther(attempt),
    });
  }

  get state(): PaymentState {
    return this.#shown.state;
  }

  subscribe(listener: (state: PaymentState) => void): () => void {
    this.#begin();
    return this.#shown.subscribe(listener);
  }

  async waitForPayment(): Promise<PaymentState> {
    if (await this.#isStoppedDuring(this.#paying?.promise)) return this.state;
    return await this.#check(checkPlan('wait'));
  }

  async checkNow(): Promise<PaymentState> {
    if (await this.#isStoppedDuring(this.#paying?.promise)) return this.state;
    if (this.#run !== null) this.#run.plan.patience = 'look';
    this.#ports.pause.end();
    return await this.#check(checkPlan('look'));
  }

  async reportPosResult(result: PosResult | null): Promise<PaymentState> {
    if (await this.#isStoppedDuring(this.#paying?.promise)) return this.state;
    const report = terminalReport(result);
    const isCanceledAtTerminal = saysCanceledByUser(report?.responseMsg);
    if (report !== null) this.#run?.controller.abort();
    return await this.#check(
      { ...checkPlan(isCanceledAtTerminal ? 'look' : 'wait', isCanceledAtTerminal), report },
      { replaces: report !== null },
    );
  }

  payAgain(): Promise<Started> {
    if (this.#paying !== null) return this.#paying.promise;
    const evidence = this.#evidence;
    const isOthers = this.#other !== null && this.#shown.state.kind === 'paying_again';
    if (!isOthers && (this.#shown.state.kind !== 'pay_again' || evidence === null)) {
      return Promise.reject(new PaymentNotAllowed(this.#shown.state.message));
    }
    this.#begin();
    const controller = new AbortController();
    const joins = isOthers || evidence === null;
    const paying = joins ? this.#join(controller) : this.#pay(evidence, controller);
    const promise = paying.finally(() => {
      this.#paying = null;
    });
    this.#paying = { promise, controller };
    return promise;
  }

  stop(): void {
    this.#stops += 1;
    this.#run?.controller.abort();
    this.#run = null;
    this.#paying?.controller.abort();
    this.#refreshing?.abort();
    this.#refreshing = null;
    this.#stopListening?.();
    this.#stopListening = null;
    this.#tabs.close();
  }

  #begin(): void {
    this.#tabs.open();
    this.#stopListening ??= listenToPage(this.#ports.environment, {
      onReturn: () => this.#lookAgain(SHOWN_AGE_MS),
      onOffline: () => this.#ports.pause.end(),
      onLeave: () => this.#tabs.close(),
      onRestored: () => {
        this.#tabs.open();
        this.#lookAgain(0);
      },
    });
  }

  /** Nothing may begin after a stop that was asked for before it. */
  async #isStoppedDuring(work: Promise<unknown> | null | undefined): Promise<boolean> {
    const stops = this.#stops;
    await work?.catch(() => undefined);
    return stops !== this.#stops;
  }

  #check(plan: CheckPlan, { replaces = false, tells = true } = {}): Promise<PaymentState> {
    if (this.#shown.state.kind === 'paid') return Promise.resolve(this.#shown.state);
    if (this.#run !== null && !replaces) return this.#run.promise;
    this.#begin();
    const controller = new AbortController();
    const promise = this.#checkUntilEnd(plan, controller, tells);
    this.#run = { plan, controller, promise };
    return promise;
  }

  async #checkUntilEnd(
    plan: CheckPlan,
    controller: AbortController,
    tells: boolean,
  ): Promise<PaymentState> {
    // The run has to be known before its first state is told: a listener may call back.
    await null;
    const checked = await runChecks(plan, this.#ports, controller.signal);
    const current = this.#run;
    // A terminal's report has taken the place of this run: its end is the end of both.
    if (current !== null && current.controller !== controller) return await current.promise;
    this.#run = null;
    if (checked !== null) this.#end(checked, plan.isCanceledAtTerminal, tells);
    return this.#shown.state;
  }

  #end({ end, askedAtMs }: CheckedEnd, isCanceledAtTerminal: boolean, tells: boolean): void {
    this.#evidence = end.kind === 'pay_again' ? { askedAtMs, isCanceledAtTerminal } : null;
    this.#lookedAtMs = this.#ports.environment.now();
    this.#shown.show(end);
    const isOfThisTab =
      end.kind === 'do_not_pay_again' &&
      (end.reason === 'unreachable' || end.reason === 'not_authorised');
    if (tells && !isOfThisTab) this.#tabs.tellEnd(end.kind);
  }

  async #pay(evidence: PayAgainEvidence, controller: AbortController): Promise<Started> {
    const { environment } = this.#ports;
    this.#evidence = null;
    this.#shown.show(payingAgain());
    if (!(await this.#tabs.claim())) return await this.#join(controller);
    const outcome = await payOnce(evidence, this.#ports, controller.signal);
    this.#tabs.settle(outcome.kind === 'started' ? { paymentUrl: outcome.paymentUrl } : null);
    this.#payAgainOutdatedUntilMs = environment.now() + outdatedForMs(outcome.kind);
    if (outcome.kind === 'started') {
      this.#shown.show(idle(PAGE_WORDS.ready_to_pay));
      return { paymentUrl: outcome.paymentUrl };
    }
    if (outcome.end !== null && !controller.signal.aborted) this.#end(outcome.end, false, true);
    throw payFailure(outcome.kind, this.#shown.state.message);
  }

  /** The other tab makes the call for both. */
  async #join({ signal }: AbortController): Promise<Started> {
    const attempt = await this.#other;
    if (attempt?.kind === 'started' && !signal.aborted) {
      this.#shown.show(idle(PAGE_WORDS.ready_to_pay));
      return { paymentUrl: attempt.paymentUrl };
    }
    if (!signal.aborted) await this.#check(checkPlan('look'), { tells: false });
    throw new PaymentNotAllowed(this.#shown.state.message);
  }

  async #followOther(attempt: Promise<OtherAttempt>): Promise<void> {
    const { environment, pause } = this.#ports;
    this.#other = attempt;
    this.#evidence = null;
    if (this.#shown.state.kind === 'pay_again') this.#shown.show(payingAgain());
    const isStopped = await this.#isStoppedDuring(attempt);
    const { kind } = await attempt;
    if (this.#other === attempt) this.#other = null;
    this.#payAgainOutdatedUntilMs = environment.now() + outdatedForMs(kind);
    if (isStopped) return;
    if (this.#run !== null) pause.end();
    else if (this.#paying === null && this.#shown.state.kind === 'paying_again') {
      await this.#check(checkPlan(kind === 'started' ? 'wait' : 'look'), { tells: false });
    }
  }

  /** What runs asks at once; what is shown is looked at again. @param ageMsMin only when the last look is older */
  #lookAgain(ageMsMin: number): void {
    const { environment, pause } = this.#ports;
    if (this.#run !== null) pause.end();
    else if (environment.now() - this.#lookedAtMs >= ageMsMin) void this.#refresh();
  }

  async #refresh(): Promise<void> {
    const shown = this.#shown.state;
    const isBusy = this.#paying !== null || this.#other !== null || this.#refreshing !== null;
    if (shown.kind === 'paid' || isBusy) return;
    const controller = new AbortController();
    this.#refreshing = controller;
    const isCanceledAtTerminal = this.#evidence?.isCanceledAtTerminal ?? false;
    const looked = await quietLook({ shown, isCanceledAtTerminal }, this.#ports, controller.signal);
    if (this.#refreshing === controller) this.#refreshing = null;
    // Stopped meanwhile, or something is being done that asks by itself.
    if (looked === null || controller.signal.aborted || this.#shown.state !== shown) return;
    this.#end(looked, isCanceledAtTerminal, false);
  }
}
