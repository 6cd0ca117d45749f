/** Checkpoints that something has damaged: verification names them and goes on. */
import { createPublicKey } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CheckpointRepository } from '../../src/audit/checkpoint.repository.js';
import { createCheckpointMaker } from '../../src/audit/checkpoint-maker.js';
import { databaseSource } from '../../src/audit/database-source.js';
import { signingKey } from '../support/audit-builder.js';
import {
  type AuditDatabase,
  auditDatabase,
  openOrder,
  verified,
} from '../support/audit-database.js';

const key = signingKey();
const DAMAGES = [undefined, null, 5, 'x', {}, [], [null], [{ orderId: 5 }]];

let database: AuditDatabase;
let nowMs = Date.parse('2026-02-01T00:00:00.000Z');

beforeEach(async () => {
  database = await auditDatabase();
});
afterEach(async () => await database.close());

it.each([
  ...['at', 'orders', 'entries', 'rootHash', 'previousHash', 'keyId', 'signature', 'leaves'],
])(
  'when the %s of a checkpoint is damaged, then that checkpoint is named, and the next one is verified',
  async (field) => {
    const collection = database.connection.collection('audit_checkpoints');
    const makeCheckpoint = createCheckpointMaker({
      store: new CheckpointRepository(database.connection),
      signingKey: key,
      intervalMs: 600_000,
      now: () => nowMs,
      announce: () => {},
    });
    for (let made = 0; made < 2; made += 1) {
      await openOrder(database);
      nowMs += 600_000;
      expect(await makeCheckpoint()).toBe(1);
    }
    const first = { _id: 1 as never };
    for (const damage of DAMAGES) {
      const change =
        damage === undefined ? { $unset: { [field]: '' } } : { $set: { [field]: damage } };
      await collection.updateOne(first, change);
      const { faults } = await verified(databaseSource(database.connection), {
        publicKeys: [createPublicKey(key)],
      });
      expect(faults, JSON.stringify(damage)).toContainEqual(
        expect.objectContaining({ checkpoint: 1 }),
      );
      expect(faults).not.toContainEqual(
        expect.objectContaining({ checkpoint: 2, problem: 'signature_wrong' }),
      );
    }
  },
);
