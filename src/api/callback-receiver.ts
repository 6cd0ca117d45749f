/** Takes a callback: verify, make it durable, and only then deliver it. Independent of HTTP. */
import { createHash } from 'node:crypto';
import { deliverCallback } from '../delivery/deliver-callback.js';
import { newInboxEntry } from '../delivery/new-inbox-entry.js';
import { DomainError } from '../domain/errors.js';
import type { CallbackRefusal, VerifiedCallback } from '../gateway/payment-gateway.js';
import type { InboxEntry } from '../store/callback-store.js';
import { withDeadline } from './deadline.js';
import type { ApiDependencies } from './dependencies.js';

/**
 * The gateway waits 5 s for the acknowledgement. MongoDB has the first part of it, Temporal the second; with the rest
 * the answer leaves within 4 s. Source: CodePay callback notification notes.
 */
const INBOX_DEADLINE_MS = 1_500;
const CARRY_DEADLINE_MS = 1_500;

/** Refused callbacks are sampled: a flood of them costs one write a second. */
const SAMPLE_INTERVAL_MS = 1_000;

const REFUSAL_TEXTS: Readonly<Record<CallbackRefusal, string>> = {
  malformed_body: 'The callback cannot be read.',
  unsupported_media_type: 'Callbacks are JSON.',
  signature_missing: 'The callback is not signed.',
  signature_invalid: 'The signature of the callback is wrong.',
  app_unknown: 'The callback is for another app.',
};

/** `stored` and `repeated`: in the inbox. `carried`: in Temporal, on its way to the inbox. */
export type CallbackReceipt = 'stored' | 'repeated' | 'carried';

export interface CallbackReceiver {
  /**
   * @returns when the callback is durable: it may be acknowledged
   * @throws {DomainError} with the code of the refusal, or `unavailable` when nothing durable took it
   */
  receive(body: Buffer, contentType: string | undefined): Promise<CallbackReceipt>;
}

export function createCallbackReceiver(dependencies: ApiDependencies): CallbackReceiver {
  const sampleRefused = refusalSampler(dependencies);
  return {
    async receive(body, contentType) {
      const receivedAtMs = dependencies.now();
      const verification = dependencies.verifier.verify(body, contentType, receivedAtMs);
      if (!verification.verified) {
        sampleRefused(verification.refusal, verification.detail, body);
        throw new DomainError(verification.refusal, REFUSAL_TEXTS[verification.refusal], {
          logMessage: verification.detail,
        });
      }
      const arrival = {
        callback: verification.callback,
        sealedBody: dependencies.sealBody(body),
        contentType: contentType ?? null,
        receivedAt: new Date(receivedAtMs).toISOString(),
      };
      return (await storeInInbox(arrival, dependencies)) ?? (await carry(arrival, dependencies));
    },
  };
}

interface Arrival {
  readonly callback: VerifiedCallback;
  readonly sealedBody: string;
  readonly contentType: string | null;
  readonly receivedAt: string;
}

/** @returns `null` when MongoDB did not take it in time; it may be there all the same, which does no harm */
async function storeInInbox(
  arrival: Arrival,
  dependencies: ApiDependencies,
): Promise<CallbackReceipt | null> {
  const { callbacks, config, logger } = dependencies;
  const entry = newInboxEntry(arrival.callback, {
    ...arrival,
    merchantNo: config.codepay.merchantNo,
  });
  try {
    const inserted = await withDeadline(callbacks.insert(entry), INBOX_DEADLINE_MS, 'the inbox');
    deliverLater(inserted.entry, dependencies);
    return inserted.isNew ? 'stored' : 'repeated';
  } catch (error) {
    logger.warn({ ...correlation(arrival), event: 'callback.not_stored', err: error }, 'inbox');
    return null;
  }
}

async function carry(
  { callback, ...carried }: Arrival,
  { messenger }: ApiDependencies,
): Promise<CallbackReceipt> {
  const { callbackId } = callback;
  try {
    await withDeadline(
      messenger.carryCallback({ callbackId, ...carried }, CARRY_DEADLINE_MS),
      CARRY_DEADLINE_MS,
      'Temporal',
    );
    return 'carried';
  } catch (error) {
    throw new DomainError(
      'unavailable',
      'Nothing durable could take the callback. Send it again.',
      {
        logMessage: 'callback lost here: neither MongoDB nor Temporal took it',
        cause: error,
      },
    );
  }
}

/** Off the path of the acknowledgement. What fails here, or is not started at all, the sweep brings in. */
function deliverLater(entry: InboxEntry, dependencies: ApiDependencies): void {
  if (entry.deliveredAt !== null || entry.processedAt !== null) return;
  const { background, logger } = dependencies;
  const fields = { callbackId: entry.callbackId, merchantOrderNo: entry.merchantOrderNo };
  background.run('callback.delivery', fields, async () => {
    const outcome = await deliverCallback(entry, dependencies);
    logger.info({ ...fields, event: 'callback.delivered', outcome }, 'callback delivered');
  });
}

function refusalSampler({ callbacks, background, now }: ApiDependencies) {
  let sampledAtMs = Number.NEGATIVE_INFINITY;
  return (refusal: CallbackRefusal, detail: string, body: Buffer): void => {
    const nowMs = now();
    if (nowMs - sampledAtMs < SAMPLE_INTERVAL_MS) return;
    sampledAtMs = nowMs;
    const bodyHash = createHash('sha256').update(body).digest('hex');
    background.run('callback.sample', { refusal }, async () => {
      await callbacks.sampleRejected({ refusal, detail, bodyHash, at: new Date(nowMs) });
    });
  };
}

function correlation({ callback }: Arrival): object {
  return { callbackId: callback.callbackId, merchantOrderNo: callback.merchantOrderNo };
}
