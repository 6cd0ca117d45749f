import type { SealedCallback } from '../temporal/order-messenger.js';
import { callbackCarriage } from './activity-options.js';

/** Carries a callback that MongoDB could not take: into the inbox as soon as it can, and on to its order. */
export async function deliverCallback(callback: SealedCallback): Promise<void> {
  await callbackCarriage.storeCarriedCallback(callback);
}
