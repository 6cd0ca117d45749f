import type { ShopOrder } from '../../shop/shop-contract.js';
import { statusWord } from './order-words.js';

export function StatusBadge({ status }: { readonly status: ShopOrder['status'] }) {
  const { label, tone } = statusWord(status);
  return <span class={`badge badge-${tone}`}>{label}</span>;
}
