import { describe, expect, it } from 'vitest';
import { type CsvColumn, csvHeader, csvRow } from '../../src/api/csv.js';
import { ORDER_COLUMNS, REFUND_COLUMNS } from '../../src/api/export-columns.js';
import { anOrder } from '../support/order-builder.js';

const oneColumn: readonly CsvColumn<string | number | null>[] = [{ name: 'a', value: (v) => v }];
const cell = (value: string | number | null): string => csvRow(oneColumn, value).slice(0, -2);

describe('a cell', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\0=1'])(
    'when a text begins like a formula (%j), then an apostrophe stands before it',
    (text) => {
      expect(cell(text).replace(/^"/, '').startsWith("'")).toBe(true);
    },
  );

  it.each([
    ['a,b', '"a,b"'],
    ['say "yes"', '"say ""yes"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['=A1,"x"', `"'=A1,""x"""`],
    ['plain text', 'plain text'],
    ['Größe 日本', 'Größe 日本'],
    ['', ''],
  ])('when it holds %j, then it is written as %j', (text, written) => {
    expect(cell(text)).toBe(written);
  });

  it('when it is a number or nothing, then it is written bare', () => {
    expect([cell(-5), cell(0), cell(null)]).toEqual(['-5', '0', '']);
  });
});

describe('a table', () => {
  const columns: readonly CsvColumn<{ x: number }>[] = [
    { name: 'x', value: ({ x }) => x },
    { name: 'y', value: () => 'y' },
  ];

  it('when it is written, then each line ends with CR LF', () => {
    expect(csvHeader(columns) + csvRow(columns, { x: 1 })).toBe('x,y\r\n1,y\r\n');
  });
});

describe('the columns', () => {
  it('when an export exists, then its columns are the ones that were promised', () => {
    expect(csvHeader(ORDER_COLUMNS)).toBe(
      'merchantOrderNo,status,reviewReason,channel,terminalSn,currency,amount,amountMinor,paidAmount,paidAmountMinor,refundedAmount,refundedAmountMinor,gatewayTransNo,decidedBy,createdAt,paidAt,canceledAt,updatedAt,description\r\n',
    );
    expect(csvHeader(REFUND_COLUMNS)).toBe(
      'refundNo,merchantOrderNo,status,method,currency,amount,amountMinor,gatewayTransNo,failureCode,requestedBy,createdAt,settledAt,reason\r\n',
    );
  });

  it.each([
    ['USD', '10.50'],
    ['JPY', '1050'],
    ['KWD', '1.050'],
    ['CLF', '0.1050'],
  ])('when the currency is %s, then 1050 minor units are %s', (currency, decimal) => {
    const cells = csvRow(ORDER_COLUMNS, anOrder({}, { currency })).split(',');
    expect(cells.slice(5, 8)).toEqual([currency, decimal, '1050']);
  });
});
