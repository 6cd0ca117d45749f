/** Takes the place of src/domain/schedule.ts in the bundle. */
import * as real from '../../domain/schedule.js';
import { isActive } from './active-mutation.js';

export {
  ANSWER_FRESH_MS,
  closingAfterRound,
  expiryMs,
  firstCheck,
  growingPauseMs,
  isExhausted,
  isScheduledCheckDue,
  lateWatchAfter,
  lateWatchAt,
  lateWatchFrom,
  lateWatchUnanswered,
  type NextStep,
  nextCheck,
  POLL_FOR_MS,
  scheduleTotalMs,
} from '../../domain/schedule.js';

export const nextStep: typeof real.nextStep = (order) =>
  isActive('closing_forgotten') && order.status === 'canceling'
    ? { do: 'finish' }
    : drawnPause(real.nextStep(order));

/** A workflow that draws asks for other timers each time it is built again. */
function drawnPause(step: real.NextStep): real.NextStep {
  if (!isActive('pause_by_chance') || step.do === 'finish') return step;
  return { ...step, atMs: step.atMs + Math.floor(Math.random() * 1_000) };
}
