/** Which scenario each order and refund has, and how often its fault still strikes. */
import type { NewRefund } from './simulator-refund.js';
import {
  type Behaviour,
  behaviourOf,
  chooseScenario,
  isRefundScenario,
  type ScenarioChoice,
  scenarioOfAmount,
} from './simulator-scenarios.js';

type FaultKind = 'queryFault' | 'createFault' | 'cancelFault' | 'refundFault' | 'refundQueryFault';

export class ScenarioChoices {
  readonly #choices = new Map<string, ScenarioChoice>();

  set(merchantOrderNo: string, choice: ScenarioChoice): void {
    this.#choices.set(merchantOrderNo, choice);
  }

  /** Lets the amount choose, unless something was chosen already. */
  setByAmount(merchantOrderNo: string, amountMinor: number): void {
    if (this.#choices.has(merchantOrderNo)) return;
    this.#choices.set(merchantOrderNo, chooseScenario(scenarioOfAmount(amountMinor)));
  }

  /** A refund follows what was chosen for its number, else its order's refund scenario, else its amount. */
  setForRefund(refund: Pick<NewRefund, 'refundNo' | 'merchantOrderNo' | 'amountMinor'>): void {
    if (this.#choices.has(refund.refundNo)) return;
    const { scenario, parameters } = this.get(refund.merchantOrderNo);
    const ofAmount = scenarioOfAmount(refund.amountMinor);
    const isByAmount = !isRefundScenario(scenario) && isRefundScenario(ofAmount);
    this.set(refund.refundNo, chooseScenario(isByAmount ? ofAmount : scenario, parameters));
  }

  get(merchantOrderNo: string): ScenarioChoice {
    return this.#choices.get(merchantOrderNo) ?? chooseScenario('waits');
  }

  behaviour(merchantOrderNo: string): Behaviour {
    return behaviourOf(this.get(merchantOrderNo));
  }

  /** The fault that hits this request, if one does; each time it strikes it is used up a little. */
  takeFault<K extends FaultKind>(merchantOrderNo: string, kind: K): Behaviour[K] | null {
    const choice = this.get(merchantOrderNo);
    const fault = behaviourOf(choice)[kind];
    if (fault === null || choice.timesLeft === 0) return null;
    const timesLeft = choice.timesLeft === null ? null : choice.timesLeft - 1;
    this.#choices.set(merchantOrderNo, { ...choice, timesLeft });
    return fault;
  }

  entries(): readonly (readonly [string, ScenarioChoice])[] {
    return [...this.#choices];
  }

  clear(): void {
    this.#choices.clear();
  }
}
