import type { CallbackJob } from './simulator-callbacks.js';
import type { SimulatedOrder } from './simulator-order.js';
import type { SimulatedRefund } from './simulator-refund.js';
import type { ScenarioChoice } from './simulator-scenarios.js';

/** One thing as it is after a change. */
export type SimulatorRecord =
  | { readonly order: SimulatedOrder }
  | { readonly refund: SimulatedRefund }
  | { readonly callback: CallbackJob }
  | { readonly choice: readonly [string, ScenarioChoice] };
