/** Ctrl-C while orders are recovered: a process that simply died would leave the sweep paused for ever. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * @throws {Error} as soon as the process is told to stop, so that whoever waits can put things right; a second signal
 * ends the process at once
 */
export async function unlessInterrupted<T>(task: () => Promise<T>): Promise<T> {
  let interrupt = (): void => {};
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt = () => {
      forget();
      reject(new Error('stopped before its end: start it again, nothing is done twice'));
    };
  });
  const forget = (): void => {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await Promise.race([task(), interrupted]);
  } finally {
    forget();
  }
}
