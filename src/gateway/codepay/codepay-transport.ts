/** One POST to the gateway: one request, one outcome, no retry. Retries belong to whoever asked. */
import type { UnknownCause } from '../../domain/evidence.js';
import { REQUEST_ID_HEADER } from './codepay-wire.js';

/** Replies hold one order each; a larger body is none of them. */
const REPLY_BYTES_MAX = 256 * 1024;

export type TransportResult =
  | { readonly isAnswered: true; readonly bytes: Uint8Array }
  | { readonly isAnswered: false; readonly cause: UnknownCause; readonly detail: string };

export interface TransportRequest {
  readonly url: string;
  readonly body: string;
  readonly requestId: string;
  /** Over the whole exchange, the reading of the reply included. */
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
}

/** Sends the body and gives the bytes of a reply with status 200. Never throws for what the network does. */
export async function post(request: TransportRequest): Promise<TransportResult> {
  const signal = AbortSignal.timeout(request.timeoutMs);
  try {
    const response = await request.fetch(request.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        accept: 'application/json',
        [REQUEST_ID_HEADER]: request.requestId,
      },
      body: request.body,
      // A redirect would carry a signed request to an address that nobody configured.
      redirect: 'manual',
      signal,
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return unanswered('http_status', `the gateway answered with HTTP status ${response.status}`);
    }
    const bytes = await readLimited(response);
    return bytes === null
      ? unanswered('not_understood', 'the reply is too large')
      : { isAnswered: true, bytes };
  } catch (error) {
    if (signal.aborted) {
      return unanswered('timeout', `no reply within ${request.timeoutMs} ms`);
    }
    return unanswered('transport', `the request failed: ${transportCode(error)}`);
  }
}

async function readLimited(response: Response): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (length > REPLY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A short code such as `ECONNREFUSED`; messages of network errors may hold addresses. */
function transportCode(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') {
    return cause.code;
  }
  return 'connection error';
}

function unanswered(cause: UnknownCause, detail: string): TransportResult {
  return { isAnswered: false, cause, detail };
}
