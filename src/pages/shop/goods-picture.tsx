import beans from './goods/beans.svg';
import cheesecake from './goods/cheesecake.svg';
import croissant from './goods/croissant.svg';
import espresso from './goods/espresso.svg';
import flatWhite from './goods/flat-white.svg';
import tea from './goods/tea.svg';

const PICTURES: Readonly<Record<string, string>> = {
  beans,
  cheesecake,
  croissant,
  espresso,
  'flat-white': flatWhite,
  tea,
};

/** Decoration: the name stands beside it. */
export function GoodsPicture({ goodsId }: { readonly goodsId: string }) {
  const source = PICTURES[goodsId];
  if (source === undefined) return null;
  return <img class="goods-picture" src={source} alt="" width={74} height={84} />;
}
