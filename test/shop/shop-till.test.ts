/** The till of the demo shop: what its terminal says, and when it may start a sale. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  PayerAct,
  SaleAnswer,
  ShopOrder,
  TerminalReport,
} from '../../src/shop/shop-contract.js';
import { eventually } from '../support/eventually.js';
import { type Customer, type RunningShop, startShop } from './shop-environment.js';

let shop: RunningShop;

beforeAll(async () => {
  shop = await startShop();
});

afterAll(async () => {
  await shop.close();
});

async function tillOrder(): Promise<{ customer: Customer; order: ShopOrder; path: string }> {
  const customer = shop.customer();
  const { body } = await customer.place({ way: 'pos', terminalSn: 'TERMINAL-1' });
  return { customer, order: body, path: `/orders/${body.merchantOrderNo}` };
}

const verify = async ({ merchantOrderNo, verifyToken }: ShopOrder) => {
  const response = await fetch(`${shop.url}/v1/orders/${merchantOrderNo}/verify`, {
    headers: { Authorization: `Bearer ${verifyToken}` },
  });
  return (await response.json()) as { nextAction: string; paid: boolean };
};

describe('a sale', () => {
  it.each<[PayerAct, TerminalReport, string | null, string]>([
    ['pays', 'as_it_was', '000', 'paid'],
    ['pays', 'error', '110', 'paid'],
    ['pays', 'timeout', '112', 'paid'],
    ['pays', 'canceled', '110', 'paid'],
    ['pays', 'no_answer', null, 'paid'],
    ['cancels', 'as_it_was', '110', 'closed'],
    ['is_declined', 'success', '000', 'closed'],
    ['nothing', 'success', '000', 'open'],
  ])(
    'when the payer %s and the terminal says %s, then the till hears %s and the gateway holds %s',
    async (payer, report, code, state) => {
      const { customer, order, path } = await tillOrder();
      const { status, body } = await customer.post<SaleAnswer>(`${path}/sale`, { payer, report });
      expect(status).toBe(200);
      expect(body.result?.responseCode ?? null).toBe(code);
      expect(shop.gateway.simulator.control.order(order.merchantOrderNo).state).toBe(state);
      const shown = await customer.get<ShopOrder>(path);
      expect(shown.body.hasStartedSale).toBe(true);
    },
  );

  it('when a sale runs or is undecided, then a second one is refused', async () => {
    const { customer, path } = await tillOrder();
    const sale = { payer: 'nothing', report: 'timeout' };
    const both = await Promise.all([
      customer.post(`${path}/sale`, sale),
      customer.post(`${path}/sale`, sale),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const later = await customer.post(`${path}/sale`, sale);
    expect([later.status, later.body.code]).toEqual([409, 'order_not_payable']);
  });

  it('when the first sale was canceled and the service allows it, then the next one is paid under the same number', async () => {
    const { customer, order, path } = await tillOrder();
    await customer.post(`${path}/sale`, { payer: 'cancels', report: 'as_it_was' });
    await eventually('paying again is safe', async () => {
      return (await verify(order)).nextAction === 'pay_again';
    });
    const asked = await fetch(`${shop.url}/v1/orders/${order.merchantOrderNo}/pay`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${order.verifyToken}` },
    });
    expect(asked.status).toBe(200);
    const again = await customer.post<SaleAnswer>(`${path}/sale`, {
      payer: 'pays',
      report: 'as_it_was',
    });
    expect(again.body.result?.responseCode).toBe('000');
    await eventually('it is paid', async () => (await verify(order)).paid);
  });

  it('when an order is paid and its till has heard nothing, then the till does not sell it again', async () => {
    const { order, customer, path } = await tillOrder();
    await customer.post(`${path}/sale`, { payer: 'pays', report: 'no_answer' });
    await eventually('it is paid', async () => (await verify(order)).paid);
    const second = await customer.post(`${path}/sale`, { payer: 'pays', report: 'as_it_was' });
    expect(second.status).toBe(409);
  });

  it('when the service has closed an order, then its till does not begin the first sale either', async () => {
    const { order, customer, path } = await tillOrder();
    const canceled = await shop.api.call('POST', `/v1/orders/${order.merchantOrderNo}/cancel`, {
      body: {},
    });
    expect(canceled.status).toBe(202);
    await eventually('it takes no payment any more', async () => {
      return (await customer.get<ShopOrder>(path)).body.status !== 'pending';
    });
    const sale = await customer.post(`${path}/sale`, { payer: 'pays', report: 'as_it_was' });
    expect([sale.status, sale.body.code]).toEqual([409, 'order_not_payable']);
    expect((await customer.get<ShopOrder>(path)).body.hasStartedSale).toBe(false);
  });

  it('when an order is for the payment page, then no till sells it', async () => {
    const customer = shop.customer();
    const { body } = await customer.place();
    const { status } = await customer.post(`/orders/${body.merchantOrderNo}/sale`, {
      payer: 'pays',
      report: 'as_it_was',
    });
    expect(status).toBe(409);
  });
});

describe('a terminal that the shop drives', () => {
  it.each<[PayerAct, string]>([
    ['pays', 'paid'],
    ['is_declined', 'closed'],
    ['cancels', 'closed'],
    ['nothing', 'open'],
  ])('when the payer %s there, then the gateway holds %s', async (payer, state) => {
    const customer = shop.customer();
    const { body } = await customer.place({ way: 'cloud' });
    const { status } = await customer.post(`/orders/${body.merchantOrderNo}/payer`, { payer });
    expect(status).toBe(204);
    expect(shop.gateway.simulator.control.order(body.merchantOrderNo).state).toBe(state);
  });

  it('when an order is for the payment page, then nobody can act at a terminal', async () => {
    const customer = shop.customer();
    const { body } = await customer.place();
    const { status } = await customer.post(`/orders/${body.merchantOrderNo}/payer`, {
      payer: 'pays',
    });
    expect(status).toBe(409);
  });
});
