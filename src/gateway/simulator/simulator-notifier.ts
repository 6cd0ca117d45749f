/** Turns planned callbacks into signed messages and hands them to the sender. */
import type { KeyObject } from 'node:crypto';
import type { CallbackJob, CallbackSender } from './simulator-callbacks.js';
import type { CallbackPlan } from './simulator-notifications.js';
import { signedCallback } from './simulator-wire.js';

export interface NotifierOptions {
  readonly appId: string;
  readonly privateKey: KeyObject;
  readonly now: () => number;
  readonly sender: CallbackSender;
}

export interface CallbackTarget {
  readonly merchantOrderNo: string | null;
  readonly url: string;
  readonly format: 'json' | 'form';
}

/** Signs the message once, so that whatever is sent again is the very same bytes. */
export function notify(
  { appId, privateKey, now, sender }: NotifierOptions,
  plan: CallbackPlan,
  target: CallbackTarget,
): readonly CallbackJob[] {
  const sentAtMs = now() - plan.ageMs;
  const genuine = signedCallback(plan.business, { appId, privateKey, sentAtMs }, target.format);
  const job = {
    merchantOrderNo: target.merchantOrderNo,
    url: target.url,
    contentType:
      target.format === 'json'
        ? 'application/json; charset=utf-8'
        : 'application/x-www-form-urlencoded; charset=utf-8',
    body: spoil(genuine, plan.signing, target.format),
    label: plan.label,
    isRepeated: plan.isRepeated,
  };
  const first = sender.send({ ...job, delayMs: plan.delayMs });
  if (plan.againAfterMs === null) return [first];
  const again = sender.send({ ...job, delayMs: plan.delayMs + plan.againAfterMs });
  return [first, again];
}

/** A wrong signature is the genuine one with its first letters exchanged: well formed, and of nothing. */
function spoil(
  body: string,
  signing: CallbackPlan['signing'],
  format: CallbackTarget['format'],
): string {
  if (signing === 'signed') return body;
  const fields: Record<string, unknown> =
    format === 'json' ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
  const { sign, ...rest } = fields;
  const genuine = String(sign);
  const wrong = { ...rest, sign: `${genuine.startsWith('A') ? 'B' : 'A'}${genuine.slice(1)}` };
  const spoilt = signing === 'unsigned' ? rest : wrong;
  if (format === 'json') return JSON.stringify(spoilt);
  const pairs = Object.entries(spoilt).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return new URLSearchParams(pairs).toString();
}
