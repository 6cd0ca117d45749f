/** Tables as comma-separated values. Source: RFC 4180; OWASP ASVS 1.2.10 for spreadsheet formulas. */

/** What a spreadsheet may take for a formula at the start of a cell. */
const FORMULA_START = /^[=+\-@\t\r\n\0]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** Text is guarded against being run as a formula; integers are written as they are; `null` is an empty cell. */
export type CsvValue = string | number | null;

export interface CsvColumn<T> {
  readonly name: string;
  readonly value: (row: T) => CsvValue;
}

export function csvHeader<T>(columns: readonly CsvColumn<T>[]): string {
  return csvLine(columns.map(({ name }) => name));
}

export function csvRow<T>(columns: readonly CsvColumn<T>[], row: T): string {
  return csvLine(columns.map(({ value }) => value(row)));
}

function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

/** A text that begins like a formula gets an apostrophe before it, which spreadsheets show as text. */
function csvCell(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA_START.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
