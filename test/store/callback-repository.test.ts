import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/config/secret.js';
import { createBodySealer } from '../../src/store/body-sealer.js';
import type { NewInboxEntry } from '../../src/store/callback-store.js';
import type { Stores } from '../../src/store/stores.js';
import { inboxEntryOf, MERCHANT_NO, orderRequest } from '../support/order-builder.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let stores: Stores;

beforeAll(async () => {
  database = await createTestDatabase();
  stores = database.stores;
});
afterAll(async () => await database?.drop());

function anEntry(overrides: Partial<NewInboxEntry> = {}): NewInboxEntry {
  return inboxEntryOf(orderRequest(), { receivedAt: '2026-01-01T00:00:00.000Z', ...overrides });
}

describe('the inbox', () => {
  it('when the same bytes arrive many times at once, then it is one entry that counts them', async () => {
    const entry = anEntry();
    const results = await Promise.all(
      Array.from({ length: 12 }, () => stores.callbacks.insert(entry)),
    );
    expect(results.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await stores.callbacks.find(entry.callbackId)).toMatchObject({
      count: 12,
      processedAt: null,
      facts: { state: 'paid' },
    });
  });

  it('when an entry is processed, then neither its order nor the sweep finds it waiting', async () => {
    const first = anEntry();
    const second = { ...anEntry(), merchantOrderNo: first.merchantOrderNo };
    await stores.callbacks.insert(first);
    await stores.callbacks.insert(second);
    const number = first.merchantOrderNo ?? '';
    const waiting = async () =>
      (await stores.callbacks.waitingForOrder(MERCHANT_NO, number)).map((each) => each.callbackId);
    expect((await waiting()).sort()).toEqual([first.callbackId, second.callbackId].sort());
    await stores.callbacks.markProcessed(
      [first.callbackId],
      'recorded',
      '2026-01-01T00:00:01.000Z',
    );
    expect(await waiting()).toEqual([second.callbackId]);
    const swept = await stores.callbacks.unprocessed('2026-01-01T01:00:00.000Z', 1_000);
    expect(swept.map((each) => each.callbackId)).toContain(second.callbackId);
    expect(swept.map((each) => each.callbackId)).not.toContain(first.callbackId);
  });

  it('when a callback is of another merchant’s order of the same number, then it is not that order’s', async () => {
    const entry = anEntry({ merchantNo: 'M2' });
    await stores.callbacks.insert(entry);
    const number = entry.merchantOrderNo ?? '';
    expect(await stores.callbacks.waitingForOrder(MERCHANT_NO, number)).toEqual([]);
  });
});

describe('sealed bodies', () => {
  const sealer = createBodySealer(new Secret('one secret of the tests, long enough'));

  it('when a body is sealed, then it opens to the same bytes and shows nothing of them', () => {
    const body = Buffer.from('{"pay_user_account_id":"payer@example.com"}');
    const sealed = sealer.seal(body);
    expect(sealer.open(sealed)).toEqual(body);
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('payer');
    expect(sealer.seal(body)).not.toBe(sealed);
  });

  it('when a sealed body is altered or the secret is another, then it does not open', () => {
    const sealed = Buffer.from(sealer.seal(Buffer.from('body')), 'base64');
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    expect(() => sealer.open(sealed.toString('base64'))).toThrow();
    const other = createBodySealer(new Secret('another secret of the tests, long enough'));
    expect(() => other.open(sealer.seal(Buffer.from('body')))).toThrow();
  });
});
