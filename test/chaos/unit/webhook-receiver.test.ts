import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../../src/chaos/journal.js';
import {
  type FirstReception,
  firstReceptionOf,
  startWebhookReceiver,
  type WebhookReceiver,
} from '../../../src/chaos/webhook-receiver.js';

const BODY = '{"type":"order.paid"}';

let receiver: WebhookReceiver;
let written: JournalEntry[];
beforeEach(async () => {
  written = [];
  receiver = await startWebhookReceiver({ write: (entry) => written.push(entry) });
});
afterEach(async () => await receiver.close());

/** An event that the back end meets like this. */
function eventThatIt(reception: FirstReception): string {
  const ids = Array.from({ length: 200 }, (_, index) => `event-${index}`);
  return ids.find((id) => firstReceptionOf(id) === reception) ?? '';
}

/** @returns the status; `null` when there was no answer */
async function sent(id: string, secret = receiver.secret): Promise<number | null> {
  const at = new Date();
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, BODY),
  };
  const answer = fetch(receiver.url, { method: 'POST', headers, body: BODY });
  return await answer.then(
    ({ status }) => status,
    () => null,
  );
}

describe('the merchant’s back end of a run', () => {
  it.each([
    ['takes', 204, true],
    ['refuses', 503, false],
    ['loses_answer', null, true],
  ] as const)(
    'when it %s an event at first, then that is written down, and it is taken the second time',
    async (reception, status, isTaken) => {
      const eventId = eventThatIt(reception);
      expect(await sent(eventId)).toBe(status);
      expect(await sent(eventId)).toBe(204);
      expect(written).toMatchObject([
        { kind: 'event_received', eventId, body: BODY, isSigned: true, isTaken },
        { kind: 'event_received', eventId, body: BODY, isSigned: true, isTaken: true },
      ]);
    },
  );

  it('when another secret has signed, then that is written down', async () => {
    await sent(eventThatIt('takes'), `whsec_${Buffer.alloc(32).toString('base64')}`);
    expect(written).toMatchObject([{ isSigned: false }]);
  });
});
