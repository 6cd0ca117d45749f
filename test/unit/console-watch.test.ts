import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Watch } from '../../src/api/console/watch.js';

const INTERVAL_MS = 1_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watch over what the test sets. */
function watched() {
  const state = { value: 1 as number | null, reads: 0, isFailing: false };
  const watch = new Watch<number>({
    read: async () => {
      state.reads += 1;
      if (state.isFailing) throw new Error('away');
      return state.value;
    },
    markOf: String,
    intervalMs: INTERVAL_MS,
  });
  const told: number[] = [];
  const tell = (value: number) => {
    told.push(value);
    return true;
  };
  return { state, watch, told, tell };
}

async function looks(count: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(count * INTERVAL_MS);
}

describe('a watch', () => {
  it('when nothing is new, then nothing is told; when something is, then once', async () => {
    const { state, watch, told, tell } = watched();
    watch.follow(tell, 1);
    await looks(5);
    expect([state.reads, told]).toEqual([5, []]);
    state.value = 2;
    await looks(3);
    expect(told).toEqual([2]);
  });

  it('when several follow, then one look serves them all, each told what is new to them', async () => {
    const { state, watch, told, tell } = watched();
    const late: number[] = [];
    watch.follow(tell, 1);
    state.value = 2;
    watch.follow((value) => late.push(value) > 0, 2);
    await looks(1);
    expect([state.reads, told, late]).toEqual([1, [2], []]);
    state.value = 3;
    await looks(1);
    expect([told, late]).toEqual([[2, 3], [3]]);
  });

  it('when nobody follows any more, then nothing is read, until somebody does again', async () => {
    const { state, watch, told, tell } = watched();
    const end = watch.follow(tell, 1);
    await looks(1);
    end();
    expect(watch.isFollowed).toBe(false);
    await looks(10);
    expect(state.reads).toBe(1);
    watch.follow(tell, 1);
    state.value = 4;
    await looks(1);
    expect(told).toEqual([4]);
  });

  it('when it begins again at once, then there are not two series of looks', async () => {
    const { state, watch, tell } = watched();
    watch.follow(tell, 1)();
    watch.follow(tell, 1);
    await looks(3);
    expect(state.reads).toBe(3);
  });

  it('when reading fails or there is nothing, then the next look tells', async () => {
    const { state, watch, told, tell } = watched();
    watch.follow(tell, 1);
    Object.assign(state, { isFailing: true, value: 2 });
    await looks(2);
    Object.assign(state, { isFailing: false, value: null });
    await looks(1);
    expect(told).toEqual([]);
    state.value = 2;
    await looks(1);
    expect(told).toEqual([2]);
  });

  it('when a follower cannot take it, then it is told at a later look what holds then', async () => {
    const { state, watch } = watched();
    const told: number[] = [];
    let isReading = false;
    watch.follow((value) => isReading && told.push(value) > 0, 1);
    state.value = 2;
    await looks(2);
    state.value = 3;
    isReading = true;
    await looks(2);
    expect(told).toEqual([3]);
  });
});
