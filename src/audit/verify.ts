/** Process entry of `npm run audit:verify`: is every audit whole, and does every order say what its audit says? */
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { parseAuditPublicKeys, parseAuditSigningKey } from '../config/audit-keys.js';
import type { AuditSource } from './audited-order.js';
import { runCommand, UsageError, withDatabase } from './command-line.js';
import { databaseSource } from './database-source.js';
import { exportSource } from './export-file.js';
import {
  type AuditFault,
  type CheckpointAnchor,
  type VerificationReport,
  verifyAudit,
} from './verify-audit.js';

const FAULTS_SHOWN = 20;

interface Options {
  readonly file?: string;
  readonly publicKey: readonly string[];
  readonly anchor: readonly string[];
  readonly json?: true;
}

function readOptions(): Options {
  const collect = (value: string, previous: readonly string[]) => [...previous, value];
  return new Command('audit:verify')
    .exitOverride()
    .description('Verifies every audit chain, every order against its audit, and every checkpoint.')
    .option('--file <export>', 'an export of audit:export; default the database in MONGODB_URI')
    .option(
      '--public-key <file>',
      'Ed25519 public key of the checkpoints, may be repeated; default the one of AUDIT_SIGNING_KEY',
      collect,
      [],
    )
    .option(
      '--anchor <sequence:hash>',
      'a checkpoint that was noted outside the database, may be repeated',
      collect,
      [],
    )
    .option('--json', 'the result as JSON')
    .parse()
    .opts<Options>();
}

function publicKeys(files: readonly string[]): readonly KeyObject[] {
  const { AUDIT_SIGNING_KEY: text, AUDIT_SIGNING_KEY_FILE: file } = process.env;
  const given = files.flatMap((name) => parseAuditPublicKeys(readFileSync(name, 'utf8')));
  if (given.length > 0) return given;
  if (text) return [parseAuditSigningKey(text)];
  return file ? [parseAuditSigningKey(readFileSync(file, 'utf8'))] : [];
}

function anchorOf(text: string): CheckpointAnchor {
  const match = /^([1-9][0-9]*):([0-9a-f]{64})$/.exec(text);
  if (match === null) throw new UsageError('an anchor is <sequence>:<hash>, as the log says it');
  return { sequence: Number(match[1]), hash: match[2] ?? '' };
}

async function main(): Promise<number> {
  const options = readOptions();
  const faults: AuditFault[] = [];
  const verify = async (source: AuditSource) =>
    await verifyAudit(source, {
      publicKeys: publicKeys(options.publicKey),
      anchors: options.anchor.map(anchorOf),
      onFault: (fault) => {
        if (faults.length < FAULTS_SHOWN) faults.push(fault);
      },
    });
  const report =
    options.file === undefined
      ? await withDatabase(process.env.MONGODB_URI, async (connection) =>
          verify(databaseSource(connection)),
        )
      : await verify(exportSource(options.file));
  process.stdout.write(
    options.json ? `${JSON.stringify({ ...report, shown: faults })}\n` : textOf(report, faults),
  );
  return report.faults === 0 ? 0 : 1;
}

function textOf(report: VerificationReport, shown: readonly AuditFault[]): string {
  const { orders, entries, checkpoints, uncoveredOrders, faults, lastCheckpoint } = report;
  const lines = [
    `${orders} orders, ${entries} audit entries, ${checkpoints} checkpoints`,
    ...(uncoveredOrders === 0
      ? []
      : [`${uncoveredOrders} orders have changed since the last checkpoint that names them`]),
    ...(orders > 0 && checkpoints === 0
      ? [
          'no checkpoints: entries cut off the end of a chain together with the order would not show',
        ]
      : []),
    ...(lastCheckpoint === null
      ? []
      : [`last checkpoint ${lastCheckpoint.sequence}:${lastCheckpoint.hash}`]),
    ...shown.map(faultText),
    ...(faults > shown.length ? [`and ${faults - shown.length} more`] : []),
    faults === 0 ? 'whole' : `BROKEN: ${faults} faults`,
  ];
  return `${lines.join('\n')}\n`;
}

function faultText(fault: AuditFault): string {
  const where =
    'orderId' in fault
      ? `order ${fault.orderId}, entry ${fault.sequence}`
      : `checkpoint ${fault.checkpoint}`;
  return `BROKEN ${where}: ${fault.problem}: ${fault.detail}`;
}

runCommand(main);
