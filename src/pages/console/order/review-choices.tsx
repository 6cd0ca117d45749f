import { canTransition } from '../../../domain/order-state.js';
import { REVIEW_TARGETS, type ReviewTarget } from '../../../domain/review.js';

/** The ends of a review in words. */
export const REVIEW_LABELS: Readonly<Record<ReviewTarget, string>> = {
  paid: 'Paid',
  canceled: 'Canceled',
  refunded: 'Refunded',
  canceling: 'Close it at the gateway, with proof',
};

/** A person's decision takes the place of proof: it says what is recorded, and that nothing is sent. */
const CONSEQUENCES: Readonly<Record<ReviewTarget, string>> = {
  paid: 'Recorded as paid in full, on your word. The merchant is told to deliver.',
  canceled: 'Recorded as closed without payment, on your word. Nothing is sent to the gateway.',
  refunded: 'Recorded as paid and given back whole, on your word. No money is moved now.',
  canceling: 'The gateway is asked, told to close the order if nobody has paid, and asked again.',
};

const LEGAL = REVIEW_TARGETS.filter((target) => canTransition('review', target));

interface ReviewChoicesProps {
  readonly chosen: ReviewTarget | null;
  readonly onChoose: (target: ReviewTarget) => void;
}

/** The legal ends of a review, each with what follows from it. */
export function ReviewChoices({ chosen, onChoose }: ReviewChoicesProps) {
  return (
    <fieldset>
      <legend>What is true</legend>
      {LEGAL.map((target) => (
        <div class="choice" key={target}>
          <input
            type="radio"
            id={`to-${target}`}
            name="to"
            required
            checked={chosen === target}
            aria-describedby={`to-${target}-note`}
            onChange={() => onChoose(target)}
          />
          <label for={`to-${target}`}>{REVIEW_LABELS[target]}</label>
          <small id={`to-${target}-note`}>{CONSEQUENCES[target]}</small>
        </div>
      ))}
    </fieldset>
  );
}
