/** The cart: in the browser's storage, so that all tabs and reloads mean the same one and so the same order. */
import { useEffect, useState } from 'preact/hooks';
import type { CartLine, Goods } from '../../shop/shop-contract.js';

const STORAGE_KEY = 'shop.cart';
const CART_ID_BYTES = 18;
export const QUANTITY_MAX = 20;

export interface Cart {
  /** Made with the first thing that is put in. The order's number comes from it. */
  readonly cartId: string;
  readonly lines: readonly CartLine[];
}

const listeners = new Set<() => void>();

/** The cart as all tabs see it, with what changes it. */
export function useCart(): Cart {
  const [cart, setCart] = useState(readCart);
  useEffect(() => {
    const refresh = () => setCart(readCart());
    listeners.add(refresh);
    window.addEventListener('storage', refresh);
    window.addEventListener('pageshow', refresh);
    refresh();
    return () => {
      listeners.delete(refresh);
      window.removeEventListener('storage', refresh);
      window.removeEventListener('pageshow', refresh);
    };
  }, []);
  return cart;
}

/** Sets how many of something are in the cart; 0 takes it out. */
export function setQuantity(goodsId: string, quantity: number): void {
  const { cartId, lines } = readCart();
  const others = lines.filter((line) => line.goodsId !== goodsId);
  const isKnown = others.length < lines.length;
  const wanted = Math.min(Math.max(quantity, 0), QUANTITY_MAX);
  const changed = lines.map((line) =>
    line.goodsId === goodsId ? { ...line, quantity: wanted } : line,
  );
  if (wanted === 0) writeCart({ cartId, lines: others });
  else writeCart({ cartId, lines: isKnown ? changed : [...lines, { goodsId, quantity: wanted }] });
}

export function quantityOf(cart: Cart, goodsId: string): number {
  return cart.lines.find((line) => line.goodsId === goodsId)?.quantity ?? 0;
}

/** Minor units. What is not sold any more counts nothing; the back end has the last word. */
export function cartTotal(cart: Cart, goods: readonly Goods[]): number {
  return cart.lines.reduce((sum, { goodsId, quantity }) => {
    const priceMinor = goods.find(({ id }) => id === goodsId)?.priceMinor ?? 0;
    return sum + priceMinor * quantity;
  }, 0);
}

export function cartCount(cart: Cart): number {
  return cart.lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** The cart is an order now; what comes next is another cart. One that was begun meanwhile stays. */
export function finishCart(cartId: string): void {
  if (readCart().cartId === cartId) writeCart(newCart());
}

function newCart(): Cart {
  const bytes = crypto.getRandomValues(new Uint8Array(CART_ID_BYTES));
  const cartId = btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  return { cartId, lines: [] };
}

function readCart(): Cart {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null');
    if (isCart(stored)) return stored;
  } catch {
    // Unreadable: an empty cart takes its place.
  }
  return newCart();
}

function isCart(stored: unknown): stored is Cart {
  if (typeof stored !== 'object' || stored === null) return false;
  const { cartId, lines } = stored as Partial<Cart>;
  return (
    typeof cartId === 'string' &&
    Array.isArray(lines) &&
    lines.every((line) => typeof line?.goodsId === 'string' && Number.isSafeInteger(line?.quantity))
  );
}

function writeCart(cart: Cart): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify(cart));
  for (const listener of listeners) listener();
}
