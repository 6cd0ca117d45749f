import { Webhook } from 'standardwebhooks';
import { eventMessage, type OrderEvent } from '../domain/events.js';

/** What goes over the wire. */
export interface WebhookMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * An event as Standard Webhooks has it: the same id and the same body at every attempt, the time of the attempt, and
 * one signature for each secret.
 */
export function webhookMessage(
  event: OrderEvent,
  signing: { readonly secrets: readonly string[]; readonly atMs: number },
): WebhookMessage {
  const body = JSON.stringify(eventMessage(event));
  const at = new Date(signing.atMs);
  const signatures = signing.secrets.map((secret) => new Webhook(secret).sign(event.id, at, body));
  return {
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'payment-orders',
      'webhook-id': event.id,
      'webhook-timestamp': String(Math.floor(signing.atMs / 1_000)),
      'webhook-signature': signatures.join(' '),
    },
  };
}
