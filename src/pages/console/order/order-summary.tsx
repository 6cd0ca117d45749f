import { Moment } from '../parts/moment.js';
import { ToldText } from '../parts/told-text.js';
import { OrderFigures } from './order-figures.js';
import type { OrderView } from './order-view.js';

/** What is known in one look: how we know, what comes next, and the figures. */
export function OrderSummary({ order, explanation }: Pick<OrderView, 'order' | 'explanation'>) {
  const { next } = explanation;
  return (
    <div class="known">
      <section class="panel" aria-labelledby="how-heading">
        <h2 id="how-heading">How we know</h2>
        <p>
          <ToldText text={explanation.because} />
        </p>
        <h2>What comes next</h2>
        <p>
          {next.text}
          {next.at === null ? null : (
            <>
              {' '}
              Next: <Moment at={next.at} isClock />.
            </>
          )}
        </p>
      </section>
      <OrderFigures order={order} />
    </div>
  );
}
