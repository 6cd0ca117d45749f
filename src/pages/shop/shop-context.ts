import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ShopAnswer } from '../../shop/shop-contract.js';

/** What the shop sells, and how it can be paid: loaded once, before any page is shown. */
export const ShopContext = createContext<ShopAnswer>({
  currency: 'USD',
  goods: [],
  terminals: [],
  simulator: null,
});

export function useShop(): ShopAnswer {
  return useContext(ShopContext);
}
