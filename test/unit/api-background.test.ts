import { expect, it } from 'vitest';
import { BackgroundTasks } from '../../src/api/background-tasks.js';
import { DeadlineExceeded, withDeadline } from '../../src/api/deadline.js';
import { createLogger } from '../../src/logger.js';
import { Preparation } from '../../src/preparation.js';
import { eventually } from '../support/eventually.js';

const logger = createLogger({ level: 'silent', name: 'test' });
const never = new Promise<never>(() => {});

it('when work is slower than its deadline, then the deadline is told, and late failures harm nobody', async () => {
  let fail = (_error: Error) => {};
  const work = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  await expect(withDeadline(work, 5, 'work')).rejects.toBeInstanceOf(DeadlineExceeded);
  fail(new Error('too late'));
  await expect(withDeadline(Promise.resolve(1), 5, 'work')).resolves.toBe(1);
});

it('when background work fails, then the others go on and settling waits for all', async () => {
  const background = new BackgroundTasks(logger);
  const done: string[] = [];
  background.run('bad', {}, () => {
    throw new Error('bad');
  });
  background.run('good', {}, async () => {
    await Promise.resolve();
    done.push('good');
  });
  await background.settle(1_000);
  expect(done).toEqual(['good']);
});

it('when too much is running, then more is refused instead of piling up', () => {
  const background = new BackgroundTasks(logger);
  const started = Array.from({ length: 1_001 }, () => background.run('slow', {}, () => never));
  expect(started.filter(Boolean)).toHaveLength(1_000);
  expect(started.at(-1)).toBe(false);
});

it('when background work does not end, then settling ends at its deadline', async () => {
  const background = new BackgroundTasks(logger);
  background.run('endless', {}, () => never);
  await expect(background.settle(10)).resolves.toBeUndefined();
});

it('when a preparation fails at first, then it is tried again until it is done', async () => {
  let attempts = 0;
  const preparation = new Preparation(
    'test',
    async () => {
      attempts += 1;
      if (attempts < 2) throw new Error('not yet');
    },
    logger,
  );
  preparation.start();
  await eventually('prepared', () => preparation.isDone);
  expect(attempts).toBe(2);
});

it('when a preparation is stopped, then it is not tried again', async () => {
  let attempts = 0;
  const preparation = new Preparation(
    'test',
    async () => {
      attempts += 1;
      preparation.stop();
      throw new Error('never');
    },
    logger,
  );
  preparation.start();
  await eventually('tried', () => attempts === 1);
  expect(preparation.isDone).toBe(false);
});
