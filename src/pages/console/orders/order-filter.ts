/** The filter of the list of orders. Its words in the address are those of the API, so that one is the other. Pure. */
import { formatMajor, parseMajor } from '../../../domain/money.js';

export const FILTER_NAMES = [
  'merchantOrderNo',
  'gatewayTransNo',
  'status',
  'channel',
  'currency',
  'amountFrom',
  'amountTo',
  'createdFrom',
  'createdTo',
  'paidFrom',
  'paidTo',
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/** What is asked for, as the API takes it: amounts in minor units, times RFC 3339. */
export type OrderFilter = Readonly<Partial<Record<FilterName, string>>>;

/** What stands in the form: amounts in major units, times of this browser's zone. */
export type FilterForm = Readonly<Record<FilterName, string>>;

export type FilterErrors = Readonly<Partial<Record<FilterName, string>>>;

const AMOUNTS = ['amountFrom', 'amountTo'] as const;
const TIMES = ['createdFrom', 'createdTo', 'paidFrom', 'paidTo'] as const;
const LENGTH_TO_SECONDS = 19;

/** The filter that an address names; what it does not know is left out. */
export function filterOf(query: Readonly<Record<string, string>>): OrderFilter {
  return Object.fromEntries(
    FILTER_NAMES.flatMap((name) => {
      const value = query[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

/** The filter as a query, always in the same order. */
export function filterQuery(filter: OrderFilter, more: Readonly<Record<string, string>> = {}) {
  return new URLSearchParams({ ...filterOf(filter), ...more }).toString();
}

export function formOf(filter: OrderFilter): FilterForm {
  const text = Object.fromEntries(FILTER_NAMES.map((name) => [name, filter[name] ?? '']));
  for (const name of AMOUNTS) {
    const amountMinor = Number(filter[name]);
    if (filter[name] !== undefined && Number.isSafeInteger(amountMinor)) {
      text[name] = formatMajor(amountMinor, filter.currency ?? '');
    }
  }
  for (const name of TIMES) text[name] = localTime(filter[name]);
  return text as FilterForm;
}

/** @returns the filter, or what is wrong with which field */
export function filterFromForm(
  form: FilterForm,
): { readonly filter: OrderFilter } | { readonly errors: FilterErrors } {
  const filter: Partial<Record<FilterName, string>> = {};
  const errors: Partial<Record<FilterName, string>> = {};
  for (const name of FILTER_NAMES) if (form[name].trim() !== '') filter[name] = form[name].trim();
  if (filter.currency !== undefined) filter.currency = filter.currency.toUpperCase();
  for (const name of AMOUNTS) {
    const text = filter[name];
    if (text === undefined) continue;
    const amountMinor = filter.currency === undefined ? null : parseMajor(text, filter.currency);
    if (filter.currency === undefined) errors.currency = 'Name the currency of the amount.';
    else if (amountMinor === null) errors[name] = `This is no amount of ${filter.currency}.`;
    else filter[name] = String(amountMinor);
  }
  for (const name of TIMES) {
    const text = filter[name];
    if (text === undefined) continue;
    const atMs = Date.parse(text);
    if (Number.isNaN(atMs)) errors[name] = 'This is no date and time.';
    else filter[name] = new Date(atMs).toISOString();
  }
  return Object.keys(errors).length > 0 ? { errors } : { filter };
}

/** RFC 3339 as a date input takes it: this browser's zone, without naming it. */
function localTime(time: string | undefined): string {
  const atMs = Date.parse(time ?? '');
  if (Number.isNaN(atMs)) return '';
  const offsetMs = new Date(atMs).getTimezoneOffset() * 60_000;
  return new Date(atMs - offsetMs).toISOString().slice(0, LENGTH_TO_SECONDS);
}
