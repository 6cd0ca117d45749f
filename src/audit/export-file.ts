/** Exports of the audit: JSON lines, sorted by order id, checkpoints after the orders, and a last line that counts. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { z } from 'zod';
import type { AuditEntry } from '../domain/audit.js';
import type { AuditedOrder, AuditSource, LeafRecord, OrderRecord } from './audited-order.js';
import type { Checkpoint } from './checkpoint.js';

const FORMAT = 'payment-orders audit export';
const FORMAT_VERSION = 1;

/** What a line may be. The content of orders and entries is not described here: hashes cover it. */
const lineSchema = z.discriminatedUnion('record', [
  z.looseObject({ record: z.literal('header'), format: z.literal(FORMAT), version: z.number() }),
  z.looseObject({
    record: z.literal('order'),
    orderId: z.string(),
    version: z.number(),
    auditHash: z.string(),
    order: z.looseObject({}),
  }),
  z.looseObject({
    record: z.literal('entry'),
    orderId: z.string(),
    sequence: z.number(),
    changes: z.looseObject({}),
    data: z.looseObject({}),
    previousHash: z.string(),
    hash: z.string(),
  }),
  z.strictObject({
    record: z.literal('leaf'),
    checkpoint: z.number(),
    orderId: z.string(),
    version: z.number(),
    auditHash: z.string(),
  }),
  z.strictObject({
    record: z.literal('checkpoint'),
    sequence: z.number(),
    at: z.string(),
    orders: z.number(),
    entries: z.number(),
    rootHash: z.string(),
    previousHash: z.string(),
    keyId: z.string(),
    signature: z.string(),
  }),
  z.strictObject({ record: z.literal('end'), lines: z.number() }),
]);
type Line = z.infer<typeof lineSchema>;

/** Thrown when a file is no export, or not a whole one. */
export class ExportFormatError extends Error {
  readonly code = 'export_format';

  constructor(message: string) {
    super(message);
    this.name = 'ExportFormatError';
  }
}

/** Writes a whole export. @returns how many orders it holds */
export async function writeExport(
  source: AuditSource,
  output: Writable,
  exportedAt: string,
): Promise<number> {
  let lines = 0;
  let orders = 0;
  const write = async (line: object) => {
    lines += 1;
    if (!output.write(`${JSON.stringify(line)}\n`)) await once(output, 'drain');
  };
  await write({ record: 'header', format: FORMAT, version: FORMAT_VERSION, exportedAt });
  for await (const { record, entries, leaves } of source.orders()) {
    orders += 1;
    if (record !== null) await write({ record: 'order', ...record });
    for (const entry of entries) await write({ record: 'entry', ...entry });
    for (const leaf of leaves) await write({ record: 'leaf', ...leaf });
  }
  for await (const checkpoint of source.checkpoints()) {
    await write({ record: 'checkpoint', ...checkpoint });
  }
  await write({ record: 'end', lines: lines + 1 });
  return orders;
}

/**
 * Reads an export. Orders first, then checkpoints: both come from one pass over the file.
 * While it is read it throws {@link ExportFormatError} for what is no export, is cut off or out of order.
 */
export function exportSource(file: string): AuditSource {
  const lines = readLines(file);
  let pending: Line | null = null;
  return {
    orders: async function* () {
      let current: Group | null = null;
      for (;;) {
        const next = await lines.next();
        const line = next.done === true ? null : next.value;
        const orderId = line !== null && 'orderId' in line ? String(line.orderId) : null;
        if (current !== null && orderId !== current.orderId) yield current;
        if (line === null || orderId === null) {
          pending = line;
          return;
        }
        if (orderId !== current?.orderId) current = followingGroup(current, orderId);
        addTo(current, line);
      }
    },
    checkpoints: async function* () {
      for (let line = pending; line !== null; ) {
        if (line.record !== 'checkpoint')
          throw new ExportFormatError(`a ${line.record} at the end`);
        const { record, ...checkpoint } = line;
        yield checkpoint satisfies Checkpoint;
        const next = await lines.next();
        line = next.done === true ? null : next.value;
      }
    },
  };
}

interface Group extends AuditedOrder {
  record: OrderRecord | null;
  readonly entries: AuditEntry[];
  readonly leaves: LeafRecord[];
}

function followingGroup(previous: Group | null, orderId: string): Group {
  if (previous !== null && orderId < previous.orderId) {
    throw new ExportFormatError(`${orderId} stands after ${previous.orderId}: not sorted`);
  }
  return { orderId, record: null, entries: [], leaves: [] };
}

function addTo(group: Group, line: Line): void {
  switch (line.record) {
    case 'order': {
      const { record, ...content } = line;
      group.record = content as unknown as OrderRecord;
      break;
    }
    case 'entry': {
      const { record, ...content } = line;
      group.entries.push(content as unknown as AuditEntry);
      break;
    }
    case 'leaf': {
      const { record, ...content } = line;
      group.leaves.push(content);
      break;
    }
    default:
      throw new ExportFormatError(`a ${line.record} among the orders`);
  }
}

/** Lines between the header and the end, which must count them all: a file that was cut off proves nothing. */
async function* readLines(file: string): AsyncGenerator<Line, void> {
  const reader = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  let count = 0;
  let end: number | null = null;
  for await (const text of reader) {
    count += 1;
    if (end !== null) throw new ExportFormatError(`line ${count} stands after the end`);
    const line = parseLine(text, count);
    if ((count === 1) !== (line.record === 'header')) {
      throw new ExportFormatError(`line ${count}: the header must be the first line, and no other`);
    }
    if (line.record === 'end') end = line.lines;
    else if (line.record !== 'header') yield line;
  }
  if (end !== count) throw new ExportFormatError('the file is cut off, or lines are missing');
}

function parseLine(text: string, number: number): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ExportFormatError(`line ${number} is no JSON`);
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) throw new ExportFormatError(`line ${number} is no line of an audit export`);
  return parsed.data;
}
