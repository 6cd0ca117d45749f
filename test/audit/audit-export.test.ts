/** An export proves what the database proves, offline; and the commands say it. */
import { execFile } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointRepository } from '../../src/audit/checkpoint.repository.js';
import { createCheckpointMaker } from '../../src/audit/checkpoint-maker.js';
import { databaseSource } from '../../src/audit/database-source.js';
import { exportSource, writeExport } from '../../src/audit/export-file.js';
import { type AuditedLife, signingKey } from '../support/audit-builder.js';
import {
  type AuditDatabase,
  auditDatabase,
  openOrder,
  pay,
  rollBack,
  verified,
} from '../support/audit-database.js';

const COMMAND_TIMEOUT_MS = 60_000;
const root = fileURLToPath(new URL('../..', import.meta.url));
const key = signingKey();
const publicKeys = [createPublicKey(key)];

let database: AuditDatabase;
let folder: string;
let paid: AuditedLife;

beforeEach(async () => {
  database = await auditDatabase();
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
  paid = await openOrder(database);
  await openOrder(database);
  await pay(database, paid);
  let nowMs = Date.parse('2026-02-01T00:00:00.000Z');
  const makeCheckpoints = createCheckpointMaker({
    store: new CheckpointRepository(database.connection),
    signingKey: key,
    intervalMs: 1_000,
    now: () => nowMs,
    announce: () => {},
  });
  await makeCheckpoints();
  nowMs += 1_000;
  await openOrder(database);
  await makeCheckpoints();
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

async function exported(): Promise<string> {
  const file = join(folder, 'export.jsonl');
  const output = createWriteStream(file);
  await writeExport(databaseSource(database.connection), output, '2026-02-02T00:00:00.000Z');
  await new Promise((resolve) => output.end(resolve));
  return file;
}

/** The export with its lines changed, and its last line counting them. */
async function changed(change: (lines: string[]) => string[]): Promise<string> {
  const file = await exported();
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n').slice(0, -1);
  const result = change(lines);
  const end = JSON.stringify({ record: 'end', lines: result.length + 1 });
  await writeFile(file, `${[...result, end].join('\n')}\n`);
  return file;
}

describe('an export', () => {
  it('when nothing was touched, then it proves the same as the database', async () => {
    const ofDatabase = await verified(databaseSource(database.connection), { publicKeys });
    const ofFile = await verified(exportSource(await exported()), { publicKeys });
    expect(ofDatabase.faults).toEqual([]);
    expect(ofDatabase.report).toMatchObject({ orders: 3, entries: 8, checkpoints: 2 });
    expect(ofFile).toEqual(ofDatabase);
  });

  it('when an amount in an entry was changed, then that entry is named', async () => {
    const file = await changed((lines) =>
      lines.map((line) =>
        line.includes('"callback.received"') ? line.replace('"amount":1050', '"amount":1') : line,
      ),
    );
    expect((await verified(exportSource(file), { publicKeys })).faults).toMatchObject([
      { orderId: paid.orderId, sequence: 3, problem: 'content_changed' },
    ]);
  });

  it('when an order was taken out with all that names it, then its checkpoint misses it', async () => {
    const file = await changed((lines) => lines.filter((line) => !line.includes(paid.orderId)));
    expect((await verified(exportSource(file), { publicKeys })).faults).toMatchObject([
      { checkpoint: 1, problem: 'orders_differ' },
    ]);
  });

  it('when it was cut off, then it proves nothing', async () => {
    const file = await exported();
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    await writeFile(file, `${lines.slice(0, -3).join('\n')}\n`);
    await expect(verified(exportSource(file), { publicKeys })).rejects.toThrow('cut off');
  });

  it.each([
    ['no JSON', (lines: string[]) => [...lines, '{'], 'no JSON'],
    ['another kind of line', (lines: string[]) => [...lines, '{"record":"x"}'], 'no line of'],
    ['no header', (lines: string[]) => lines.slice(1), 'header'],
    [
      'the orders after the checkpoints',
      ([header = '', ...rest]: string[]) => [header, ...rest.slice(-2), ...rest.slice(0, -2)],
      'at the end',
    ],
    [
      'an order at the wrong place',
      ([header = '', first = '', ...rest]: string[]) => [header, ...rest.slice(0, -2), first],
      'not sorted',
    ],
  ])('when it holds %s, then it is refused', async (_name, change, message) => {
    const file = await changed(change);
    await expect(verified(exportSource(file), { publicKeys })).rejects.toThrow(message);
  });
});

interface Ran {
  readonly code: number;
  readonly output: string;
}

async function run(entry: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return await new Promise((resolve) => {
    const options = { cwd: root, env: { PATH: process.env.PATH, ...env } };
    const argv = ['--import', 'tsx', `src/${entry}.ts`, ...args];
    const child = execFile(process.execPath, argv, options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
}

describe('the commands', () => {
  const pem = (): string => publicKeys[0]?.export({ type: 'spki', format: 'pem' }).toString() ?? '';

  it(
    'when all is whole, then export and verify succeed; when it was set back, then verify names the entry and fails',
    async () => {
      const publicKeyFile = join(folder, 'audit-public-key.pem');
      await writeFile(publicKeyFile, pem());
      const out = join(folder, 'out.jsonl');
      const env = { MONGODB_URI: database.uri };
      expect(await run('audit/export', ['--out', out], env)).toEqual({
        code: 0,
        output: `3 orders in ${out}\n`,
      });
      const offline = await run('audit/verify', ['--file', out, '--public-key', publicKeyFile], {});
      expect(offline.output).toMatch(/^3 orders, 8 audit entries, 2 checkpoints\n/);
      expect(offline.output).toMatch(/\nwhole\n$/);
      expect(offline.code).toBe(0);

      await rollBack(database, paid, 2);
      const broken = await run('audit/verify', ['--public-key', publicKeyFile, '--json'], env);
      expect(broken.code).toBe(1);
      expect(JSON.parse(broken.output)).toMatchObject({
        faults: 1,
        firstFault: { orderId: paid.orderId, sequence: 3, problem: 'entries_removed' },
      });

      const lab = await run('schedule-lab/main', ['--schedule', '10s,1m', '--file', out], {});
      expect(lab.output).toContain('Based on 1 orders, 1 of them paid');
      expect(lab.output).toContain('WARNING: 1 paid orders are too few');
      const ofDatabase = await run('schedule-lab/main', ['--schedule', '10s', '--json'], env);
      expect(JSON.parse(ofDatabase.output)).toMatchObject({
        proposedMs: [10_000],
        orders: 0,
        skipped: { not_finished: 3 },
      });
    },
    COMMAND_TIMEOUT_MS,
  );

  it(
    'when the key is not known or nothing can be read, then it fails and says why',
    async () => {
      const env = { MONGODB_URI: database.uri };
      const unknown = await run('audit/verify', [], env);
      expect(unknown.code).toBe(1);
      expect(unknown.output).toContain('BROKEN checkpoint 1: key_unknown');
      expect(await run('audit/verify', [], {})).toEqual({
        code: 2,
        output:
          'give a file by --file, or the database in MONGODB_URI; that of npm start is mongodb://127.0.0.1:27018/payment-orders\n',
      });
      const misspelt = await run('audit/verify', ['--fil', 'x'], env);
      expect(misspelt.code).toBe(2);
      expect(misspelt.output).toContain("unknown option '--fil'");
      expect(await run('audit/verify', ['--help'], {})).toMatchObject({ code: 0 });
      const wrong = await run('schedule-lab/main', ['--schedule', '5x'], {});
      expect(wrong).toMatchObject({ code: 2 });
      expect(wrong.output).toContain('--schedule must be a duration');
    },
    COMMAND_TIMEOUT_MS,
  );
});
