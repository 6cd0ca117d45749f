import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import {
  type FilterErrors,
  filterFromForm,
  filterQuery,
  formOf,
  type OrderFilter,
} from './order-filter.js';

/** What stands in the search form. It follows the address: going back brings the form back too. */
export function useSearchForm(filter: OrderFilter, onSearch: (filter: OrderFilter) => void) {
  const [form, setForm] = useState(() => formOf(filter));
  const [errors, setErrors] = useState<FilterErrors>({});
  const query = filterQuery(filter);
  useEffect(() => {
    setForm(formOf(filter));
    setErrors({});
  }, [query]);
  const send = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const read = filterFromForm(form);
    setErrors('errors' in read ? read.errors : {});
    if ('filter' in read) onSearch(read.filter);
  };
  return { form, setForm, errors, send, isAll: query === '' };
}
