import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { checkLiteralAddress, lookupPublicAddress } from './address-guard.js';
import { isSuccess } from './delivery-schedule.js';
import type { WebhookMessage } from './webhook-message.js';

export interface WebhookDestination {
  readonly url: string;
  /** Whether addresses of the own network may be reached. For trials alone. */
  readonly allowsPrivateAddresses: boolean;
  /** From the look-up of the name to the status of the answer. */
  readonly timeoutMs: number;
}

/** What became of one request. */
export interface WebhookAnswer {
  readonly httpStatus: number | null;
  /** Stable word: `delivered`, `http_status`, `timeout`, or a code such as `ECONNREFUSED`; never an address. */
  readonly result: string;
}

/**
 * Posts a message once. Never throws for what the network does, follows no redirect, and reads no further than the
 * status: what a receiver answers beyond it means nothing.
 */
export async function postWebhook(
  message: WebhookMessage,
  destination: WebhookDestination,
): Promise<WebhookAnswer> {
  const signal = AbortSignal.timeout(destination.timeoutMs);
  try {
    const httpStatus = await sendForStatus(message, destination, signal);
    return { httpStatus, result: isSuccess(httpStatus) ? 'delivered' : 'http_status' };
  } catch (error) {
    return { httpStatus: null, result: signal.aborted ? 'timeout' : errorCode(error) };
  }
}

async function sendForStatus(
  { headers, body }: WebhookMessage,
  { url, allowsPrivateAddresses }: WebhookDestination,
  signal: AbortSignal,
): Promise<number> {
  const target = new URL(url);
  if (!allowsPrivateAddresses) checkLiteralAddress(target);
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  return await new Promise<number>((resolve, reject) => {
    const request = send(target, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      // A connection of its own: one that is kept open would outlive the check of its address.
      agent: false,
      signal,
      ...(allowsPrivateAddresses ? {} : { lookup: lookupPublicAddress }),
    });
    request.once('response', (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    // Also for what comes after the status: unheard, an error would end the process.
    request.on('error', reject);
    request.end(body);
  });
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'connection_error';
}
