import { Webhook } from 'standardwebhooks';
import { eventMessage, type OrderEvent } from '../domain/events.js';

/** What goes over the wire. */
export interface WebhookMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What signs a message: each secret by itself, so that a receiver may know the old or the new one. */
export interface Signing {
  readonly secrets: readonly string[];
  /** Time of the attempt, epoch milliseconds. */
  readonly atMs: number;
}

/**
 * An event as Standard Webhooks has it: the same id and the same body at every attempt, the time of the attempt, and
 * one signature for each secret.
 */
export function webhookMessage(event: OrderEvent, signing: Signing): WebhookMessage {
  return signedMessage({ id: event.id, body: JSON.stringify(eventMessage(event)) }, signing);
}

/**
 * A JSON text, signed.
 * @param content.id what the receiver drops repetitions by
 * Source: Standard Webhooks specification, Webhook headers.
 */
export function signedMessage(
  { id, body }: { readonly id: string; readonly body: string },
  { secrets, atMs }: Signing,
): WebhookMessage {
  const at = new Date(atMs);
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, at, body));
  return {
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'payment-orders',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(atMs / 1_000)),
      'webhook-signature': signatures.join(' '),
    },
  };
}
