import { describe, expect, it } from 'vitest';
import { createSilenceReader } from '../../src/api/silence-reader.js';
import type { AnomalyDocument } from '../../src/store/anomaly-store.js';

const OPEN = { healedAt: null } as AnomalyDocument;
const OVER = { healedAt: '2026-01-01T00:00:00.000Z' } as AnomalyDocument;

function readerOver(find: () => Promise<AnomalyDocument | null>) {
  const state = { nowMs: 0, reads: 0 };
  const areCallbacksSilent = createSilenceReader({
    anomalies: {
      find: async () => {
        state.reads += 1;
        return await find();
      },
    },
    now: () => state.nowMs,
  });
  return { state, areCallbacksSilent };
}

describe('whether callbacks are silent', () => {
  it('when the anomaly is open, then they are; when it is over or never was, then not', async () => {
    expect(await readerOver(async () => OPEN).areCallbacksSilent()).toBe(true);
    expect(await readerOver(async () => OVER).areCallbacksSilent()).toBe(false);
    expect(await readerOver(async () => null).areCallbacksSilent()).toBe(false);
  });

  it('when many orders are created at once, then the record is read once in 5 s', async () => {
    const { state, areCallbacksSilent } = readerOver(async () => OPEN);
    await Promise.all(Array.from({ length: 20 }, areCallbacksSilent));
    state.nowMs = 4_999;
    await areCallbacksSilent();
    expect(state.reads).toBe(1);
    state.nowMs = 5_000;
    await areCallbacksSilent();
    expect(state.reads).toBe(2);
  });

  it('when the record fails, then orders get their usual checks', async () => {
    const reader = readerOver(async () => await Promise.reject(new Error('away')));
    expect(await reader.areCallbacksSilent()).toBe(false);
  });

  it('when the record hangs, then an order waits for it only for a moment, and the next one not at all', async () => {
    const { areCallbacksSilent } = readerOver(() => new Promise(() => {}));
    const startedMs = Date.now();
    expect(await areCallbacksSilent()).toBe(false);
    expect(Date.now() - startedMs).toBeLessThan(2_000);
    const againMs = Date.now();
    expect(await areCallbacksSilent()).toBe(false);
    expect(Date.now() - againMs).toBeLessThan(200);
  });
});
