import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ORDER_STATUSES, type OrderStatus } from '../../src/domain/order.js';
import { TRANSITIONS } from '../../src/domain/order-state.js';

/** The table of `docs/architecture.md` under the heading "Status": from, to. */
function documentedTransitions(): Record<string, string[]> {
  const page = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8');
  const section = page.split('\n## ').find((part) => part.startsWith('Status\n')) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return Object.fromEntries(
    rows.map((row) => {
      const [, from = '', to = ''] = row.split('|');
      const names = (cell: string) =>
        [...cell.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name ?? '');
      return [names(from)[0] ?? '', names(to)];
    }),
  );
}

describe('the documented state table', () => {
  it('when it is compared with the code, then every status and every transition is there and no other', () => {
    const documented = documentedTransitions();
    expect(Object.keys(documented).sort()).toEqual([...ORDER_STATUSES].sort());
    for (const status of ORDER_STATUSES) {
      const inCode: readonly OrderStatus[] = TRANSITIONS[status];
      expect({ status, to: [...(documented[status] ?? [])].sort() }).toEqual({
        status,
        to: [...inCode].sort(),
      });
    }
  });
});
