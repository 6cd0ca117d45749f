import { describe, expect, it } from 'vitest';
import { unlessInterrupted } from '../../src/recovery/interruption.js';

/** Ends only by being stopped. */
const endless = new Promise<never>(() => {});

describe('a recovery that a person stops', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'when %s comes while the sweep is paused, then what it has to put right is still done',
    async (signal) => {
      const listenersBefore = process.listenerCount(signal);
      let isSweepPaused = true;
      const stopped = unlessInterrupted(() => endless).finally(() => {
        isSweepPaused = false;
      });
      process.emit(signal);
      await expect(stopped).rejects.toThrow('stopped before its end');
      expect(isSweepPaused).toBe(false);
      expect(process.listenerCount(signal)).toBe(listenersBefore);
    },
  );

  it('when nobody stops it, then its result is what was found', async () => {
    await expect(unlessInterrupted(async () => 'found')).resolves.toBe('found');
  });
});
