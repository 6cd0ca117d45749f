/** Brings what is due to a receiver: claimed, attempted in a few lanes at once, until it is stopped. */

export interface DeliveryLoopOptions<Claimed> {
  /** Attempts at once in one process. A slow receiver fills these lanes and nothing else. */
  readonly lanes: number;
  /** Between looks when nothing was due. */
  readonly idlePauseMs: number;
  /** Never rejects: a store that does not answer has nothing due. */
  readonly claim: (limit: number) => Promise<readonly Claimed[]>;
  /** Never rejects: what cannot be written down is due again when its lease ends. */
  readonly attempt: (claimed: Claimed) => Promise<void>;
}

export interface DeliveryLoop {
  /** Takes no more; returns when the running attempts are written down. */
  stop(): Promise<void>;
}

/** Delivers in the background until it is stopped. */
export function startDeliveryLoop<Claimed>(options: DeliveryLoopOptions<Claimed>): DeliveryLoop {
  const { lanes, idlePauseMs, claim, attempt } = options;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const claimed = await claim(lanes - running.size);
      for (const one of claimed) {
        const attempting = attempt(one).finally(() => running.delete(attempting));
        running.add(attempting);
      }
      if (running.size === lanes) await Promise.race(running);
      else if (claimed.length === 0) await pause(idlePauseMs, stopping.signal);
    }
    await Promise.all(running);
  };
  const ended = loop();
  return {
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

/** @returns early when the signal comes */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, durationMs);
    signal.addEventListener('abort', end);
  });
}
