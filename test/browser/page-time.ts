/** A page whose clock stands still until its test moves it: the minute in which it asks passes in moments. */
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';

/** What the service tells every page. Source: CodePay guide, 3.2. */
const PAUSE_MS = 2_000;
/** After the first, which is asked at once. */
export const QUESTIONS_A_MINUTE = 60_000 / PAUSE_MS;
/** The last pause ends with the minute: it is shorter by the little that the first question took. */
const PAUSE_MS_MIN = 1_500;

/** The real clock runs on while the page's is being stopped, and no page goes back in time. */
const STOP_AHEAD_MS = 10_000;
/** As long as one turn of `eventually`: no more of the page's time passes than of ours. */
const FRAME_MS = 20;

export interface PageTime {
  /** Lets time pass on a page that has yet to come to its first question: what it shows before needs frames. */
  untilFirstQuestion(): Promise<void>;
  /**
   * Waits until the page pauses between two questions, and lets exactly that pause go by.
   * @returns what the service answers to the question that follows
   */
  nextAnswer(): Promise<unknown>;
  /** From here on the page's time goes by with ours. */
  goOn(): Promise<void>;
}

/** To be called before the page asks for the first time. Its own time alone stops: the service's goes on. */
export async function stopPageTime(page: Page): Promise<PageTime> {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + STOP_AHEAD_MS);
  await notePauses(page);
  const isVerify = (message: { url(): string }) => message.url().endsWith('/verify');
  let [questions, answers] = [0, 0];
  page.on('request', (request) => {
    if (isVerify(request)) questions += 1;
  });
  return {
    untilFirstQuestion: async () => {
      await eventually('the page asks', async () => {
        await page.clock.runFor(FRAME_MS);
        return questions > 0;
      });
    },
    nextAnswer: async () => {
      // Time that passed before the page has read the answer would be the question's, not the pause's.
      const pauseMs = await notedPause(page, answers);
      answers += 1;
      const answered = page.waitForResponse(isVerify);
      await page.clock.runFor(pauseMs);
      return await (await answered).json();
    },
    goOn: async () => await page.clock.resume(),
  };
}

/** What the page leaves for the test: how long each of its pauses is to be. */
interface NotingPage {
  pausesMs: number[];
}

/** No event tells that a page waits; that it sets a timer of this length does. */
async function notePauses(page: Page): Promise<void> {
  await page.evaluate(
    ([shortestMs, longestMs]) => {
      const noting = globalThis as unknown as NotingPage;
      const { setTimeout } = globalThis;
      const noteAndSet = (act: () => void, delayMs = 0) => {
        if (delayMs >= shortestMs && delayMs <= longestMs) noting.pausesMs.push(delayMs);
        return setTimeout(act, delayMs);
      };
      noting.pausesMs = [];
      globalThis.setTimeout = noteAndSet as typeof setTimeout;
    },
    [PAUSE_MS_MIN, PAUSE_MS] as const,
  );
}

/** Waits for the page's pause of this index. @returns its length in ms */
async function notedPause(page: Page, index: number): Promise<number> {
  const noted = await page.waitForFunction(
    (wanted) => (globalThis as unknown as NotingPage).pausesMs[wanted],
    index,
  );
  return (await noted.jsonValue()) ?? 0;
}
