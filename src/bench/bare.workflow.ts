import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';

const { note } = proxyActivities<{ note(number: string): Promise<void> }>({
  startToCloseTimeout: '10 seconds',
});

export const paid = defineSignal('paid');

/** The least that is durable: begun, told by a signal, one activity, done. */
export async function bare(number: string): Promise<void> {
  let isPaid = false;
  setHandler(paid, () => {
    isPaid = true;
  });
  await condition(() => isPaid);
  await note(number);
}
