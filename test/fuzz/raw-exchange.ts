/** HTTP as bytes: what a client library would refuse to send, or put right. */
import { connect } from 'node:net';

export interface RawRequest {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  /** Sent in this order, as Latin-1, none of them checked. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Buffer | null;
}

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case; the last one of several. */
  readonly headers: ReadonlyMap<string, string>;
  readonly head: string;
  readonly body: string;
  readonly durationMs: number;
}

const EXCHANGE_DEADLINE_MS = 9_000;

/**
 * Sends a request of its own connection, with Content-Length when there is a body and the headers say nothing of it.
 * @throws {Error} when the connection ends without an answer, or not in time
 */
export async function exchange(url: string, request: RawRequest): Promise<RawAnswer> {
  const { method, target, headers = [] } = request;
  const body = Buffer.from(request.body ?? '');
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const isFramed = names.has('content-length') || names.has('transfer-encoding');
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(names.has('host') ? [] : [`Host: ${new URL(url).host}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(isFramed || (body.length === 0 && !METHODS_WITH_BODY.has(method))
      ? []
      : [`Content-Length: ${body.length}`]),
    'Connection: close',
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return await exchangeBytes(url, Buffer.concat([head, body]));
}

const METHODS_WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Sends bytes as they are.
 * @param options.hangsUp nothing follows, and the sender says so
 * @throws {Error} as {@link exchange}
 */
export async function exchangeBytes(
  url: string,
  bytes: Buffer,
  { hangsUp = false }: { readonly hangsUp?: boolean } = {},
): Promise<RawAnswer> {
  const startedMs = performance.now();
  const received = withoutInterim(await roundTrip(new URL(url), bytes, hangsUp));
  const end = received.indexOf('\r\n\r\n');
  const head = received.subarray(0, end).toString('latin1');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  if (end < 0 || !Number.isInteger(status)) {
    throw new Error(`no answer but ${JSON.stringify(received.toString('latin1').slice(0, 200))}`);
  }
  const headers = new Map(
    head
      .split('\r\n')
      .slice(1)
      .map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
  );
  const rest = received.subarray(end + 4);
  const content = headers.get('transfer-encoding') === 'chunked' ? unchunked(rest) : rest;
  const durationMs = performance.now() - startedMs;
  return { status, headers, head, body: content.toString('utf8'), durationMs };
}

function roundTrip({ hostname, port }: URL, bytes: Buffer, hangsUp: boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port) });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no end of the answer within ${EXCHANGE_DEADLINE_MS} ms`));
    }, EXCHANGE_DEADLINE_MS);
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(chunks));
    };
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      // A stream of events has no end: its beginning is the answer.
      if (chunks.length <= 2 && chunk.includes('text/event-stream')) finish();
    });
    socket.on('close', finish);
    // A server that has answered early may reset what it does not read any more.
    socket.on('error', () => {});
    socket.write(bytes);
    if (hangsUp) socket.end();
  });
}

/** Without the "100 Continue" that comes before an answer. */
function withoutInterim(bytes: Buffer): Buffer {
  const isInterim = /^HTTP\/1\.1 1\d\d/.test(bytes.subarray(0, 12).toString('latin1'));
  return isInterim ? withoutInterim(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)) : bytes;
}

function unchunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) break;
    const length = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    if (!(length > 0)) break;
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
  return Buffer.concat(parts);
}
