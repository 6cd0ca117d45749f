import { CHANNELS, ORDER_STATUSES } from '../../../domain/order.js';
import { CHANNEL_WORDS, STATUS_WORDS } from '../data/status-words.js';
import { FilterField } from './filter-field.js';
import type { FilterName, OrderFilter } from './order-filter.js';
import { useSearchForm } from './use-search-form.js';

interface OrderSearchProps {
  readonly filter: OrderFilter;
  readonly onSearch: (filter: OrderFilter) => void;
}

const TIMES = [
  ['createdFrom', 'Created from'],
  ['createdTo', 'Created before'],
  ['paidFrom', 'Paid from'],
  ['paidTo', 'Paid before'],
] as const;

const TEXTS = [
  ['merchantOrderNo', 'Order number'],
  ['gatewayTransNo', 'Gateway number'],
] as const;

const CHOICES = [
  ['status', 'Status', ORDER_STATUSES.map((status) => [status, STATUS_WORDS[status].label])],
  ['channel', 'Channel', CHANNELS.map((channel) => [channel, CHANNEL_WORDS[channel]])],
] as const;

const AMOUNTS = [
  ['currency', 'Currency'],
  ['amountFrom', 'Amount from'],
  ['amountTo', 'Amount to'],
] as const;

// Over 50 lines because every field of the form stands here, one below the other.
/** The search form. What is searched for is in the address, so that it can be kept, sent and gone back to. */
export function OrderSearch({ filter, onSearch }: OrderSearchProps) {
  const { form, setForm, errors, send, isAll } = useSearchForm(filter, onSearch);
  const control = (name: FilterName) => ({
    id: name,
    name,
    value: form[name],
    'aria-invalid': errors[name] === undefined ? undefined : true,
    onInput: (event: Event & { currentTarget: { value: string } }) =>
      setForm({ ...form, [name]: event.currentTarget.value }),
  });
  const field = (name: FilterName, label: string) => ({ id: name, label, error: errors[name] });
  const isNarrow = TIMES.some(([name]) => filter[name] !== undefined);
  return (
    <search>
      <form class="search" onSubmit={send} noValidate>
        {TEXTS.map(([name, label]) => (
          <FilterField key={name} {...field(name, label)}>
            <input type="text" autocomplete="off" spellcheck={false} {...control(name)} />
          </FilterField>
        ))}
        {CHOICES.map(([name, label, choices]) => (
          <FilterField key={name} {...field(name, label)}>
            <select {...control(name)}>
              <option value="">Any</option>
              {choices.map(([value, word]) => (
                <option key={value} value={value}>
                  {word}
                </option>
              ))}
            </select>
          </FilterField>
        ))}
        {AMOUNTS.map(([name, label]) => (
          <FilterField key={name} {...field(name, label)}>
            <input type="text" autocomplete="off" {...control(name)} />
          </FilterField>
        ))}
        <details class="times" open={isNarrow}>
          <summary>Times</summary>
          <div class="search">
            {TIMES.map(([name, label]) => (
              <FilterField key={name} {...field(name, label)}>
                <input type="datetime-local" step={1} {...control(name)} />
              </FilterField>
            ))}
          </div>
        </details>
        <div class="search-end">
          <button type="submit">Search</button>
          {isAll ? null : <a href="/console/orders">Clear</a>}
        </div>
      </form>
    </search>
  );
}
