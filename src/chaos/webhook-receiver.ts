/** The merchant's back end, as the webhook meets it: it takes events, and fails now and then as back ends do. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import type { Journal } from './journal.js';

const SECRET_BYTES = 32;

/** Where events are sent, and what signs them. */
export interface WebhookAddress {
  readonly url: string;
  readonly secret: string;
}

export interface WebhookReceiver extends WebhookAddress {
  close(): Promise<void>;
}

/** What the back end does with an event that it sees for the first time; a second time it takes each. */
export type FirstReception = 'takes' | 'refuses' | 'loses_answer';

const FIRST_RECEPTIONS: readonly FirstReception[] = ['refuses', 'loses_answer'];
/** One event in so many for each of them; the others are taken at once. */
const SHARE = 8;

export function firstReceptionOf(eventId: string): FirstReception {
  const [byte = 0] = createHash('sha256').update(eventId).digest();
  return FIRST_RECEPTIONS[byte % SHARE] ?? 'takes';
}

/** @returns when it listens; what it is sent is in the journal before it is answered */
export async function startWebhookReceiver(
  journal: Pick<Journal, 'write'>,
): Promise<WebhookReceiver> {
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    // A sender that was killed in the middle of its request has told nothing.
    receive(request, response).catch(() => response.destroy());
  });
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    const eventId = String(request.headers['webhook-id']);
    const first = seen.has(eventId) ? 'takes' : firstReceptionOf(eventId);
    seen.add(eventId);
    journal.write({
      kind: 'event_received',
      ...{ receivedAtMs: Date.now(), eventId, body },
      isSigned: isSigned(secret, body, request),
      isTaken: first !== 'refuses',
    });
    if (first === 'loses_answer') response.destroy();
    else response.writeHead(first === 'refuses' ? 503 : 204).end();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/events`,
    secret,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function isSigned(secret: string, body: string, { headers }: IncomingMessage): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}
