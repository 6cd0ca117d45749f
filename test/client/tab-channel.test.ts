/** What two tabs say to each other when both are late: here messages arrive only when the test lets them. */
import { expect, it } from 'vitest';
import { browserEnvironment, type Channel } from '../../src/client/client-environment.js';
import { Tabs } from '../../src/client/tab-channel.js';

/** Far more than two tabs have to say about one attempt. */
const MESSAGES_MAX = 100;

it('when both tabs hold a claim because neither heard the other in time, then they do not answer each other without end', async () => {
  const waiting: (() => void)[] = [];
  const channels = new Set<Channel>();
  class LateChannel implements Channel {
    onmessage: ((event: MessageEvent) => void) | null = null;
    constructor(readonly name: string) {
      channels.add(this);
    }
    postMessage(message: unknown): void {
      const data: unknown = structuredClone(message);
      for (const other of channels) {
        if (other !== this) waiting.push(() => other.onmessage?.({ data } as MessageEvent));
      }
    }
    close(): void {
      channels.delete(this);
    }
  }
  const environment = {
    ...browserEnvironment(),
    setTimeout: (callback: () => void) => queueMicrotask(callback),
    BroadcastChannel: LateChannel,
  };
  const listeners = { onEnded: () => {}, onOtherAttempt: () => {} };
  const tabs = [1, 2].map(() => new Tabs('order', environment, listeners));
  for (const tab of tabs) tab.open();
  expect(await Promise.all(tabs.map(async (tab) => await tab.claim()))).toEqual([true, true]);
  let heard = 0;
  while (heard < MESSAGES_MAX) {
    const deliver = waiting.shift();
    if (deliver === undefined) break;
    deliver();
    heard += 1;
  }
  for (const tab of tabs) tab.close();
  expect(heard).toBeLessThan(MESSAGES_MAX);
});
