/** New orders at a fixed rate, whatever the service does meanwhile. */
import { randomBytes } from 'node:crypto';
import { RandomStream } from '../simulation/kernel/random.js';
import { type LifeSurroundings, liveOrder } from './order-life.js';
import { storyAt } from './stories.js';

const SECOND_MS = 1_000;
/** Beyond this many at once the load generator would measure itself. */
const LIVES_MAX = 600;
const AMOUNT_STEPS_MAX = 50;
const MAGIC_MODULUS = 10_000;

export interface Load {
  /** Orders that were begun, and those that were left out because too many were under way. */
  readonly counts: () => {
    readonly begun: number;
    readonly leftOut: number;
    readonly open: number;
  };
  /** Begins no further order; returns when every life has come to its end or given up. */
  stop(): Promise<void>;
}

export function startLoad(
  options: { readonly seed: number; readonly ordersPerSecond: number },
  surroundings: Omit<LifeSurroundings, 'signal'>,
): Load {
  const random = new RandomStream(options.seed, 'load');
  const run = randomBytes(3).toString('hex');
  const ending = new AbortController();
  const lives = new Set<Promise<void>>();
  let begun = 0;
  let leftOut = 0;
  const begin = () => {
    if (lives.size >= LIVES_MAX) {
      leftOut += 1;
      return;
    }
    begun += 1;
    const story = storyAt(random.next());
    const amount = story.magicDigits + MAGIC_MODULUS * random.integer(0, AMOUNT_STEPS_MAX);
    const number = `C-${run}-${begun}`;
    const life = liveOrder({ number, story, amount }, { ...surroundings, signal: ending.signal });
    lives.add(life);
    void life.finally(() => lives.delete(life));
  };
  const timer = setInterval(begin, SECOND_MS / options.ordersPerSecond);
  return {
    counts: () => ({ begun, leftOut, open: lives.size }),
    stop: async () => {
      clearInterval(timer);
      ending.abort();
      await Promise.allSettled(lives);
    },
  };
}
