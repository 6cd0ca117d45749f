import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { type CsvColumn, csvHeader, csvRow } from './csv.js';
import { fromRecord } from './order-reader.js';

/** Rows are sent in pieces of about this many characters: few enough writes, little memory. */
const CHUNK_CHARACTERS = 32_768;
/** A store without the fitting index sorts all rows before it gives the first. */
const FIRST_ROWS_DEADLINE_MS = 10_000;

/**
 * Sends rows as they are read, as fast as the reader takes them, whatever their number. An export that cannot be
 * finished is cut off without its end, so that nobody takes it for whole.
 * @throws {DomainError} `unavailable` when the record does not give the first rows, or one of them is damaged
 */
export async function answerCsv<T>(
  exchange: { readonly request: Request; readonly response: Response },
  fileName: string,
  columns: readonly CsvColumn<T>[],
  rows: AsyncIterable<T>,
): Promise<void> {
  const { request, response } = exchange;
  const iterator = rows[Symbol.asyncIterator]();
  try {
    const pieces = chunks(columns, iterator);
    const first = await fromRecord(pieces.next(), FIRST_ROWS_DEADLINE_MS);
    response
      .status(200)
      .setHeader('Cache-Control', 'no-store')
      .setHeader('Content-Type', 'text/csv; charset=utf-8; header=present')
      .setHeader('Content-Disposition', `attachment; filename="${fileName}"`);
    const source = Readable.from(from(first, pieces), { highWaterMark: 1 });
    await pipeline(source, response).catch((error: unknown) => {
      // The answer has begun: its missing end is all that can still be told.
      request.log.warn({ event: 'export.cut_off', fileName, err: error }, 'export was cut off');
    });
  } finally {
    letGo(iterator, request);
  }
}

/** Lets the cursor go, also when the reader went away. Not waited for: a row that is being read may take its time. */
function letGo(iterator: AsyncIterator<unknown>, request: Request): void {
  iterator.return?.().catch((error: unknown) => {
    request.log.warn({ event: 'export.not_let_go', err: error }, 'the rows were not let go');
  });
}

async function* chunks<T>(
  columns: readonly CsvColumn<T>[],
  iterator: AsyncIterator<T>,
): AsyncGenerator<string> {
  let chunk = csvHeader(columns);
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    chunk += csvRow(columns, next.value);
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

async function* from(
  first: IteratorResult<string>,
  rest: AsyncGenerator<string>,
): AsyncGenerator<string> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
