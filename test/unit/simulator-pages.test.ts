/** The pages: what they show, what their buttons do, and what they must never let through. */
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GatewayOrderRequest } from '../../src/gateway/payment-gateway.js';
import { html } from '../../src/gateway/simulator/simulator-html.js';
import { newOrderNo } from '../contract/gateway-contract.js';
import { type SimulatorSubject, simulatorSubject } from '../contract/simulator-subject.js';

let subject: SimulatorSubject;
beforeAll(async () => {
  subject = await simulatorSubject();
});
afterAll(async () => {
  await subject.close();
});

const http = () => request(subject.simulator.url);
const stateOf = (merchantOrderNo: string) => subject.simulator.control.order(merchantOrderNo).state;

async function hosted(more: Partial<GatewayOrderRequest> = {}) {
  const order = subject.order(newOrderNo(), more);
  const { paymentUrl } = await subject.gateway.createOrder(order);
  return { number: order.merchantOrderNo, path: new URL(paymentUrl ?? '').pathname };
}

const press = (path: string, action: string) => http().post(path).type('form').send({ action });

describe('escaping', () => {
  it('when values are put into a page, then they stay text, in lists and attributes as well', () => {
    const page = html`<a title="${`"'><script>`}">${['<b>', html`<i>${'&'}</i>`]}</a>${null}${false}`;
    expect(page.text).toBe('<a title="&quot;&#39;&gt;&lt;script&gt;">&lt;b&gt;<i>&amp;</i></a>');
  });
});

describe('the payment page', () => {
  it('when the order has HTML in its texts, then the page shows it as text', async () => {
    const { path } = await hosted({ description: '<script>alert(1)</script>' });
    const { text } = await http().get(path);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toContain('<script>');
  });

  it('when it is sent, then nothing inline or foreign may run, and forms lead only here and back', async () => {
    const { path } = await hosted({ redirectUrl: 'https://shop.test/back' });
    const { headers, text } = await http().get(path);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("form-action 'self' https://shop.test;");
    expect(policy).not.toContain('unsafe');
    expect(headers['cache-control']).toBe('no-store');
    expect(text).not.toMatch(/<script(?![^>]*src=)|<style|style="|\son[a-z]+="/);
  });

  it('when the payer pays, then it is paid and the payer goes back with the number', async () => {
    const { number, path } = await hosted({ redirectUrl: 'https://shop.test/back?a=1' });
    const answer = await press(path, 'pay');
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe(`https://shop.test/back?a=1&tn=${number}`);
    expect(stateOf(number)).toBe('paid');
    expect((await http().get(path)).text).toContain('The payment was successful.');
  });

  it('when the payer presses pay twice, then the second is told that it is paid', async () => {
    const { number, path } = await hosted();
    await press(path, 'pay');
    const second = await press(path, 'pay');
    expect(second.status).toBe(409);
    expect(second.text).toContain('the order is paid');
    expect(stateOf(number)).toBe('paid');
  });

  it('when the card is declined or the payer leaves, then nothing is paid', async () => {
    const declined = await hosted({ redirectUrl: 'https://shop.test/back' });
    expect((await press(declined.path, 'decline')).status).toBe(303);
    expect(stateOf(declined.number)).toBe('closed');
    const later = await hosted({ redirectUrl: 'https://shop.test/back' });
    expect((await press(later.path, 'later')).status).toBe(303);
    expect(stateOf(later.number)).toBe('open');
  });

  it.each([['javascript:alert(1)'], ['no address'], [null]])(
    'when the return address is %j, then the payer stays here',
    async (redirectUrl) => {
      const { path } = await hosted({ redirectUrl });
      const answer = await press(path, 'pay');
      expect(answer.headers.location).toBe(path);
      expect((await http().get(path)).text).not.toContain('javascript:');
    },
  );

  it('when a page of another site presses its button, then nothing happens', async () => {
    const { number, path } = await hosted();
    const answer = await press(path, 'pay').set('origin', 'https://evil.test');
    expect(answer.status).toBe(403);
    const opaque = await press(path, 'pay').set('origin', 'null');
    expect(opaque.status).toBe(403);
    expect(stateOf(number)).toBe('open');
  });

  it('when its name is not known, then there is no such page', async () => {
    expect((await http().get('/pay/nobody')).status).toBe(404);
    expect((await press('/pay/nobody', 'pay')).status).toBe(404);
  });
});

describe('the terminal page', () => {
  const onTerminal = async (terminalSn: string) => {
    const order = subject.order(`@${newOrderNo()}|*`, { channel: 'cloud', terminalSn });
    await subject.gateway.createOrder(order);
    const number = order.merchantOrderNo;
    return { number, path: `/terminal/${terminalSn}/orders/${encodeURIComponent(number)}` };
  };

  it('when an order is pushed, then its terminal shows it and others do not', async () => {
    const { number } = await onTerminal('SN-A');
    expect((await http().get('/terminal/SN-A')).text).toContain(number);
    expect((await http().get('/terminal/SN-B')).text).not.toContain(number);
    expect((await http().get('/terminal')).text).toContain('SN-A');
  });

  it.each([
    ['pay', 'paid', null],
    ['decline', 'closed', '51'],
    ['cancel', 'closed', 'K026'],
  ])('when the person chooses %s, then the order is %s', async (action, state, code) => {
    const { number, path } = await onTerminal('SN-C');
    const answer = await press(path, action);
    expect(answer.headers.location).toBe('/terminal/SN-C');
    const order = subject.simulator.control.order(number);
    expect([order.state, order.failure?.code ?? null]).toEqual([state, code]);
  });

  it('when the till starts a sale, then it waits on the terminal with its exact amount', async () => {
    const merchantOrderNo = newOrderNo();
    const sale = { merchantOrderNo, amount: '7.35', currency: 'USD' };
    const answer = await http().post('/terminal/SN-D/sales').type('form').send(sale);
    expect(answer.status).toBe(303);
    expect(subject.simulator.control.order(merchantOrderNo)).toMatchObject({
      channel: 'pos',
      amountMinor: 735,
      terminalSn: 'SN-D',
    });
  });

  it.each([
    [{ amount: '7,35' }, 'must be a decimal'],
    [{ amount: '0' }, 'must be a decimal'],
    [{ merchantOrderNo: 'a b' }, 'order number is not allowed'],
    [{ currency: 'dollars' }, 'three capital letters'],
  ])('when the sale has %j, then the page says what is wrong', async (more, message) => {
    const sale = { merchantOrderNo: newOrderNo(), amount: '1.00', currency: 'USD', ...more };
    const answer = await http().post('/terminal/SN-D/sales').type('form').send(sale);
    expect(answer.status).toBe(409);
    expect(answer.text).toContain(message);
  });
});

describe('the pages of all orders', () => {
  it('when there are orders, then they are listed with what became of their callbacks', async () => {
    const { number, path } = await hosted();
    await press(path, 'pay');
    await expect
      .poll(async () => (await http().get(`/orders/${number}`)).text)
      .toContain('HTTP 200: success');
    const { text } = await http().get('/');
    expect(text).toContain(number);
    expect(text).toContain('1 of 1 acknowledged');
  });

  it('when late money is let in on an order page, then the closed order is paid', async () => {
    const { number } = await hosted();
    await press(`/orders/${number}`, 'expire');
    expect((await press(`/orders/${number}`, 'pay')).status).toBe(409);
    expect((await press(`/orders/${number}`, 'pay_late')).status).toBe(303);
    expect(stateOf(number)).toBe('paid');
  });

  it('when an order has refunds, then its page shows them and settles the pending ones', async () => {
    const { number, path } = await hosted();
    await press(path, 'pay');
    const refundNo = newOrderNo();
    subject.simulator.control.setScenario(refundNo, 'refund_stays_pending');
    const reason = '<b>cold</b>';
    const refund = { refundNo, method: 'refund', amount: 350, currency: 'USD', reason } as const;
    const { merchantNo } = subject.simulator;
    const order = { merchantNo, merchantOrderNo: number, terminalSn: null };
    await subject.gateway.refundOrder({ ...order, ...refund });
    const pending = await http().get(`/orders/${number}`);
    expect(pending.text).toContain(refundNo);
    expect(pending.text).toContain('&lt;b&gt;cold&lt;/b&gt;');
    expect(pending.text).not.toContain('refunded 3.50 USD');
    const settle = { action: 'refund_succeeded', refundNo };
    expect((await http().post(`/orders/${number}`).type('form').send(settle)).status).toBe(303);
    expect(subject.simulator.control.refund(refundNo).state).toBe('succeeded');
    expect((await http().get('/')).text).toContain('refunded 3.50 USD');
    expect((await http().post(`/orders/${number}`).type('form').send(settle)).status).toBe(409);
  });

  it('when an order is not there, then the page says so', async () => {
    expect((await http().get('/orders/none')).status).toBe(404);
  });
});
