/** Bytes as no well-behaved client would send them. */
import { request } from 'node:http';
import { connect } from 'node:net';

const DEADLINE_MS = 5_000;

/** @returns everything that came back until the server hung up; throws when it does not within 5 s */
export async function sendRaw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let received = '';
    socket.setTimeout(DEADLINE_MS, () => {
      socket.destroy(new Error(`the connection was left open after: ${received}`));
    });
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString();
    });
    // A server that refuses may reset a connection on which more was coming.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') resolve(received);
      else reject(error);
    });
    socket.on('close', () => resolve(received));
  });
}

/** Status lines in what came back: one for each request that was answered. */
export function statusesOf(received: string): readonly number[] {
  return [...received.matchAll(/HTTP\/1\.1 ([0-9]{3})/g)].map(([, status]) => Number(status));
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** As fetch, without its rules: any method, any header. */
export async function rawRequest(
  url: string,
  options: {
    readonly method: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    /** As it is, where `url` would be made well-formed. */
    readonly path?: string;
  },
): Promise<RawAnswer> {
  const { method, headers = {}, body, path } = options;
  return await new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method, headers, agent: false, ...(path !== undefined && { path }) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
