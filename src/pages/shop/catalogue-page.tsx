import type { Goods } from '../../shop/shop-contract.js';
import { useAnnounce } from './announcer.js';
import {
  type Cart,
  cartCount,
  cartTotal,
  QUANTITY_MAX,
  quantityOf,
  setQuantity,
  useCart,
} from './cart.js';
import { GoodsPicture } from './goods-picture.js';
import { moneyText } from './order-words.js';
import { PageHeading } from './page-heading.js';
import { useShop } from './shop-context.js';

export function CataloguePage() {
  const { goods, currency } = useShop();
  const cart = useCart();
  return (
    <>
      <PageHeading title="What would you like?" />
      <p class="lead">Freshly made while you pay. This is a demo: no real money, no real coffee.</p>
      <ul class="goods">
        {goods.map((one) => (
          <GoodsCard key={one.id} goods={one} currency={currency} cart={cart} />
        ))}
      </ul>
      <CartBar cart={cart} />
    </>
  );
}

function GoodsCard({
  goods: { id, name, description, priceMinor },
  currency,
  cart,
}: {
  readonly goods: Goods;
  readonly currency: string;
  readonly cart: Cart;
}) {
  const announce = useAnnounce();
  const quantity = quantityOf(cart, id);
  const change = (next: number) => {
    setQuantity(id, next);
    announce(`${next} × ${name} in the cart`);
  };
  return (
    <li class="goods-card">
      <GoodsPicture goodsId={id} />
      <div class="goods-text">
        <h2>{name}</h2>
        <p class="soft">{description}</p>
      </div>
      <p class="goods-price">{moneyText(priceMinor, currency)}</p>
      {quantity === 0 ? (
        <button type="button" class="add" aria-label={`Add ${name}`} onClick={() => change(1)}>
          Add
        </button>
      ) : (
        <Stepper name={name} quantity={quantity} onChange={change} />
      )}
    </li>
  );
}

function Stepper({
  name,
  quantity,
  onChange,
}: {
  readonly name: string;
  readonly quantity: number;
  readonly onChange: (quantity: number) => void;
}) {
  return (
    <div class="stepper">
      <button
        type="button"
        class="secondary"
        aria-label={`One ${name} less`}
        onClick={() => onChange(quantity - 1)}
      >
        −
      </button>
      <span>{quantity}</span>
      <button
        type="button"
        class="secondary"
        aria-label={`One ${name} more`}
        disabled={quantity >= QUANTITY_MAX}
        onClick={() => onChange(quantity + 1)}
      >
        +
      </button>
    </div>
  );
}

function CartBar({ cart }: { readonly cart: Cart }) {
  const { goods, currency } = useShop();
  const count = cartCount(cart);
  if (count === 0) return <p class="soft">Your cart is empty.</p>;
  return (
    <section class="cart-bar" aria-label="Cart">
      <p>
        {count} {count === 1 ? 'item' : 'items'} ·{' '}
        <strong>{moneyText(cartTotal(cart, goods), currency)}</strong>
      </p>
      <a class="button" href="/demo/checkout">
        Go to checkout
      </a>
    </section>
  );
}
