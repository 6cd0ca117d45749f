/** The log of a process, made short for a person at a terminal. The whole of it is in a file. */

const LEVELS_SHOWN: Readonly<Record<string, string>> = {
  info: '     ',
  warn: 'warn ',
  error: 'ERROR',
  fatal: 'FATAL',
};
/** Fields that say which order, request or call a line is about; a dot leads into an object. */
const FIELDS_SHOWN = [
  'req.method',
  'req.path',
  'res.statusCode',
  'merchantOrderNo',
  'orderId',
  'method',
  'status',
] as const;

/**
 * One structured log line as a short one: time, part, level, message and what it is about.
 * @returns null when a person need not see it
 */
export function condenseLine(part: string, line: string): string | null {
  const record = parse(line);
  const name = part.padEnd(9);
  if (record === null) return line.trim() === '' ? null : `         ${name}       ${line}`;
  const level = LEVELS_SHOWN[String(record.level)];
  if (level === undefined) return null;
  const time = clock(record.time);
  const fields = FIELDS_SHOWN.map((field) => fieldText(record, field));
  const words = [String(record.msg ?? record.event ?? ''), ...fields, errorText(record.err)];
  return `${time} ${name} ${level} ${words.filter((word) => word !== '').join(' ')}`;
}

function parse(line: string): Readonly<Record<string, unknown>> | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function fieldText(record: unknown, path: string): string {
  let value = record;
  for (const name of path.split('.'))
    value = (value as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function clock(time: unknown): string {
  const date = new Date(typeof time === 'string' || typeof time === 'number' ? time : Number.NaN);
  return Number.isNaN(date.getTime()) ? '        ' : date.toTimeString().slice(0, 8);
}

function errorText(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return '';
  return `(${String(error.message).split('\n')[0]})`;
}
