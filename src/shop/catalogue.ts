/** What the shop sells. Prices are the shop's own: the page only ever sends which goods and how many. */
import type { CartLine, Goods, OrderLine } from './shop-contract.js';

export const CURRENCY = 'USD';
export const TERMINALS = ['TERMINAL-1', 'TERMINAL-2'] as const;
export const QUANTITY_MAX = 20;

export const GOODS: readonly Goods[] = [
  {
    id: 'espresso',
    name: 'Espresso',
    description: 'Short and strong, from a house blend.',
    priceMinor: 280,
  },
  {
    id: 'flat-white',
    name: 'Flat white',
    description: 'Double shot with silky milk.',
    priceMinor: 420,
  },
  {
    id: 'tea',
    name: 'Mint tea',
    description: 'Fresh mint, hot water, a little honey.',
    priceMinor: 350,
  },
  {
    id: 'croissant',
    name: 'Croissant',
    description: 'Butter, many layers, baked this morning.',
    priceMinor: 320,
  },
  {
    id: 'cheesecake',
    name: 'Cheesecake',
    description: 'With lemon and a crumbly base.',
    priceMinor: 560,
  },
  {
    id: 'beans',
    name: 'House beans',
    description: '250 g of whole beans, roasted on Monday.',
    priceMinor: 1_450,
  },
];

/** @returns the lines with names and amounts, or `null` when something is not sold here */
export function priceLines(lines: readonly CartLine[]): readonly OrderLine[] | null {
  const priced: OrderLine[] = [];
  for (const { goodsId, quantity } of lines) {
    const goods = GOODS.find(({ id }) => id === goodsId);
    if (goods === undefined) return null;
    priced.push({ goodsId, name: goods.name, quantity, amountMinor: goods.priceMinor * quantity });
  }
  return priced;
}

/** Minor units. */
export function totalOf(lines: readonly OrderLine[]): number {
  return lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
