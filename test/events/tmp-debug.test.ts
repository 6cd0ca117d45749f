import { it } from 'vitest';
import { EventFeed } from '../../src/store/event-feed.js';
import { eventEnvironment, START_MS, anEvent } from './event-environment.js';
it('debug', async () => {
  const e = await eventEnvironment();
  const feed = new EventFeed(e.connection);
  const at = new Date(START_MS).toISOString();
  for (let r = 0; r < 60; r += 1) {
    const got = await Promise.all(Array.from({ length: 10 }, () => feed.give(`G${r}`, at)));
    const sorted = [...got].sort((a, b) => a - b);
    if (sorted.join() !== '1,2,3,4,5,6,7,8,9,10') console.log('give', r, sorted.join(), await feed.last(`G${r}`));
  }
  const log: string[] = [];
  const ev = e.connection.model('Event').collection as any;
  const orig = ev.insertOne.bind(ev);
  ev.insertOne = async (d: any) => {
    try { const x = await orig(d); log.push(`${d._id.slice(0, 8)} ${d.slot} ok`); return x; } catch (error: any) { log.push(`${d._id.slice(0, 8)} ${d.slot} ${error.code} ${error.message.slice(0, 150)}`); throw error; }
  };
  let shown = 0;
  for (let r = 0; r < 30 && shown < 2; r += 1) {
    log.length = 0;
    const m = `H${r}`;
    const event = anEvent(m);
    await Promise.all(Array.from({ length: 10 }, () => e.stores.events.append(event, { isDelivered: false, at })));
    const filled = await feed.filled(m, 1, await feed.last(m));
    if (filled.size !== (await feed.last(m))) { shown += 1; console.log(m, [...filled.keys()].join(), log.join('\n')); }
  }
  await e.close();
});
