/** Attack: read secrets and payers' data where they have no business: logs, errors, Temporal, the record. */
import { Client, Connection } from '@temporalio/client';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  beginStory,
  endStory,
  errors,
  everySecret,
  lines,
  merchantNo,
  merchantOrderNo,
  mongodbUri,
  shownCallbacks,
  webhookBodies,
} from './leak-story.js';

beforeAll(beginStory);
afterAll(endStory);

function findNone(text: string, secrets: readonly string[], where: string): void {
  for (const secret of secrets) {
    for (const form of [secret, Buffer.from(secret).toString('base64').replace(/=+$/, '')]) {
      const index = text.indexOf(form);
      const found = index < 0 ? null : text.slice(Math.max(0, index - 200), index + 40);
      expect(found, `${where} holds a secret`).toBeNull();
    }
  }
}

describe('after a whole life with secrets and payers in it', () => {
  it('when the logs of all processes are read, then none of them is there, nor a private key', () => {
    const log = lines.join('\n');
    expect(log).toContain(merchantOrderNo);
    expect(lines.length).toBeGreaterThan(30);
    findNone(log, everySecret(), 'a log');
    expect(log).not.toContain('PRIVATE KEY');
  });

  it('when every error that was answered is read, then none of them is there', () => {
    expect(errors.length).toBeGreaterThan(10);
    findNone(errors.join('\n'), everySecret(), 'an error');
  });

  it('when the order’s history in Temporal is read, then none of them is there', async () => {
    const connection = await Connection.connect({ address: inject('temporalAddress') });
    const handle = new Client({ connection }).workflow.getHandle(
      `order/${merchantNo}/${merchantOrderNo}`,
    );
    const { events } = await handle.fetchHistory();
    await connection.close();
    const text = withDecodedPayloads(JSON.stringify(events));
    // The reason of the refund: payloads are read, not only what stands around them.
    expect(text.includes('cold as canaries')).toBe(true);
    findNone(text, everySecret(), 'the history');
  });

  it('when the database is read as it stands, then no payer and no secret is there in plain text', async () => {
    const connection = await mongoose.createConnection(mongodbUri).asPromise();
    const collections = (await connection.db?.collections()) ?? [];
    const texts = await Promise.all(
      collections.map(async (one) => JSON.stringify(await one.find().toArray())),
    );
    await connection.close();
    expect(texts.join()).toContain('sealedBody');
    findNone(texts.join('\n'), everySecret(), 'the database');
  });

  it('when an operator looks at a stored callback, then the payer is not in it', () => {
    expect(shownCallbacks.join()).toContain('•••');
    findNone(shownCallbacks.join('\n'), everySecret(), 'the shown callback');
  });

  it('when the merchant’s back end was told, then nothing of a payer was in it', () => {
    findNone(webhookBodies.join('\n'), everySecret(), 'a webhook');
    expect(webhookBodies.join('\n')).toContain(merchantOrderNo);
  });
});

/** Payloads are bytes, which JSON shows as base64. */
function withDecodedPayloads(text: string): string {
  return text.replaceAll(
    /"data":"([A-Za-z0-9+/=]+)"/g,
    (_all, data: string) => `"data":${Buffer.from(data, 'base64').toString()}`,
  );
}
