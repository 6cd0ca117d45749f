import { type AnomalyStore, anomalyId } from '../store/anomaly-store.js';
import { withDeadline } from './deadline.js';

/** The watch looks every 30 s: asking more often would tell nothing new. */
const KNOWN_FOR_MS = 5_000;
/** No creation waits longer for an answer that only makes its checks denser. */
const READ_DEADLINE_MS = 250;

/**
 * Whether callbacks are silent at present, for the checks of new orders.
 * @returns a function that never throws and hardly ever waits: at most {@link READ_DEADLINE_MS}, once in five seconds;
 * false when it cannot be known, because then nobody could say why an order is asked about so often
 */
export function createSilenceReader({
  anomalies,
  now,
}: {
  readonly anomalies: Pick<AnomalyStore, 'find'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}): () => Promise<boolean> {
  let known: { readonly isSilent: Promise<boolean>; readonly atMs: number } | null = null;

  async function read(): Promise<boolean> {
    const found = anomalies.find(anomalyId('callbacks_silent', 'callbacks'));
    const anomaly = await withDeadline(found, READ_DEADLINE_MS, 'the state of callbacks');
    return anomaly !== null && anomaly.healedAt === null;
  }

  return async () => {
    const nowMs = now();
    if (known === null || nowMs - known.atMs >= KNOWN_FOR_MS) {
      known = { isSilent: read().catch(() => false), atMs: nowMs };
    }
    return await known.isSilent;
  };
}
