import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../../src/domain/order.js';
import { eventually } from '../support/eventually.js';
import { anOrder, orderRequest } from '../support/order-builder.js';
import { API_KEY, type RunningApi, startApi } from './api-environment.js';
import { aRefund, type RefundStage, refundStage } from './refund-stage.js';

let stage: RefundStage;

beforeAll(async () => {
  stage = await refundStage();
});

afterAll(async () => {
  await stage.close();
});

/** Orders of a day of their own, so that the filter finds these and no others. */
async function seedDay(day: string): Promise<void> {
  const rows: readonly [string, Partial<Order>][] = [
    ['USD', { description: '=HYPERLINK("http://x","y")' }],
    ['JPY', { status: 'paid', paidAmount: 1_050, paidAt: `${day}T10:00:00.000Z` }],
    ['KWD', { status: 'canceled', canceledAt: `${day}T11:00:00.000Z`, terminalSn: 'T-1' }],
  ];
  for (const [index, [currency, changes]] of rows.entries()) {
    const merchantOrderNo = `${index === 0 ? '-' : ''}E${index}-${day}`;
    const request = orderRequest({ merchantOrderNo, currency, channel: 'pos' });
    await stage.orders.seed(request, Date.parse(`${day}T09:0${index}:00.000Z`), changes);
  }
}

const HEADER =
  'merchantOrderNo,status,reviewReason,channel,terminalSn,currency,amount,amountMinor,paidAmount,paidAmountMinor,refundedAmount,refundedAmountMinor,gatewayTransNo,decidedBy,createdAt,paidAt,canceledAt,updatedAt,description';

describe('the export of orders', () => {
  it('when it is fetched, then it is byte for byte what was promised, newest first', async () => {
    await seedDay('2025-03-01');
    const answer = await stage.api.call(
      'GET',
      '/v1/orders.csv?createdFrom=2025-03-01T00:00:00Z&createdTo=2025-03-02T00:00:00Z',
    );
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(
      [
        HEADER,
        'E2-2025-03-01,canceled,,pos,T-1,KWD,1.050,1050,0.000,0,0.000,0,,,2025-03-01T09:02:00.000Z,,2025-03-01T11:00:00.000Z,2025-03-01T09:02:00.000Z,',
        'E1-2025-03-01,paid,,pos,,JPY,1050,1050,1050,1050,0,0,,,2025-03-01T09:01:00.000Z,2025-03-01T10:00:00.000Z,,2025-03-01T09:01:00.000Z,',
        `'-E0-2025-03-01,pending,,pos,,USD,10.50,1050,0.00,0,0.00,0,,,2025-03-01T09:00:00.000Z,,,2025-03-01T09:00:00.000Z,"'=HYPERLINK(""http://x"",""y"")"`,
        '',
      ].join('\r\n'),
    );
  });

  it('when it is fetched, then it is a file that nothing keeps', async () => {
    const answer = await stage.api.call('GET', '/v1/orders.csv?createdTo=1999-01-01T00:00:00Z');
    expect(answer.text).toBe(`${HEADER}\r\n`);
    expect(answer.headers.get('Content-Type')).toBe('text/csv; charset=utf-8; header=present');
    expect(answer.headers.get('Content-Disposition')).toBe('attachment; filename="orders.csv"');
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
  });

  it('when the list’s filters are given, then the rows are those of the list', async () => {
    await seedDay('2025-03-05');
    const day = 'createdFrom=2025-03-05T00:00:00Z&createdTo=2025-03-06T00:00:00Z';
    for (const filter of ['status=paid', 'channel=pos', 'paidFrom=2025-03-05T10:00:00Z']) {
      const list = await stage.api.call('GET', `/v1/orders?${day}&${filter}`);
      const csv = await stage.api.call('GET', `/v1/orders.csv?${day}&${filter}`);
      const listed = (list.body.data as { merchantOrderNo: string }[]).map(
        ({ merchantOrderNo }) => merchantOrderNo,
      );
      const exported = csv.text
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(',')[0]?.replace(/^'/, ''));
      expect(exported.length).toBeGreaterThan(0);
      expect(exported).toEqual(listed);
    }
  });

  it.each(['limit=10', 'startingAfter=x', 'status=done', 'status=paid&status=paid'])(
    'when the query is %s, then 422 and no file',
    async (query) => {
      expect((await stage.api.call('GET', `/v1/orders.csv?${query}`)).status).toBe(422);
    },
  );
});

describe('the export of refunds', () => {
  it('when it is fetched, then it is byte for byte what was promised', async () => {
    const order = await stage.paidOrder();
    const refund = aRefund({ reason: '@cold, "very"' });
    stage.settlesAs(order, refund, 'succeeded');
    await stage.refund(order, refund);
    await stage.untilRefundIs(order, refund.refundNo, 'succeeded');
    const stored = await stage.orders.stores.refunds.find('M1001', refund.refundNo);
    const from = stored?.requestedAt ?? '';
    const answer = await stage.api.call('GET', `/v1/refunds.csv?createdFrom=${from}`);
    expect(answer.text).toBe(
      [
        'refundNo,merchantOrderNo,status,method,currency,amount,amountMinor,gatewayTransNo,failureCode,requestedBy,createdAt,settledAt,reason',
        `${refund.refundNo},${order.merchantOrderNo},succeeded,refund,USD,3.00,300,G-${refund.refundNo},,shop,${from},${stored?.settledAt},"'@cold, ""very"""`,
        '',
      ].join('\r\n'),
    );
  });
});

describe('an export of many rows', () => {
  /** An API whose record gives rows without end, and counts them. */
  async function endless(rows: () => AsyncIterable<Order>): Promise<RunningApi> {
    const { stores, messenger } = stage.orders;
    const { orders } = stores;
    return await startApi({
      ...stores,
      messenger,
      orders: {
        find: (id) => orders.find(id),
        list: (merchantNo, filter, page) => orders.list(merchantNo, filter, page),
        audit: (id) => orders.audit(id),
        statusCounts: (statuses) => orders.statusCounts(statuses),
        stream: rows,
      },
    });
  }

  it('when the reader is slow, then rows wait in the record, and are let go when it leaves', async () => {
    let given = 0;
    let isLetGo = false;
    const order = anOrder();
    const api = await endless(async function* () {
      try {
        for (;;) {
          given += 1;
          yield order;
        }
      } finally {
        isLetGo = true;
      }
    });
    try {
      const reading = httpRequest(`${api.url}/v1/orders.csv`, {
        headers: { Authorization: `Bearer ${API_KEY}` },
      });
      const paused = new Promise<void>((resolve) => {
        reading.once('response', (response) => {
          response.pause();
          resolve();
        });
      });
      reading.on('error', () => {
        // Leaving in the middle is what this is about.
      });
      reading.end();
      await paused;
      let before = -1;
      let unchanged = 0;
      await eventually('no more rows are read while nobody takes them', () => {
        unchanged = given === before ? unchanged + 1 : 0;
        before = given;
        return unchanged === 5;
      });
      // What the sockets hold, not what memory holds.
      expect(given).toBeLessThan(200_000);
      reading.destroy();
      await eventually('the rows are let go', () => isLetGo);
    } finally {
      await api.close();
    }
  });

  it('when the record fails in the middle, then the file is cut off and not taken for whole', async () => {
    const order = anOrder();
    const api = await endless(async function* () {
      for (let row = 0; row < 1_000; row += 1) yield order;
      throw new Error('the record went away');
    });
    try {
      const response = await fetch(`${api.url}/v1/orders.csv`, {
        headers: { Authorization: `Bearer ${API_KEY}` },
      });
      expect(response.status).toBe(200);
      await expect(response.text()).rejects.toThrow();
      expect(api.log()).toContain('export.cut_off');
    } finally {
      await api.close();
    }
  });

  it('when the record fails before the first row, then 503 and no file', async () => {
    const api = await endless(() => ({
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new Error('the record is away')),
      }),
    }));
    try {
      const answer = await api.call('GET', '/v1/orders.csv');
      expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
    } finally {
      await api.close();
    }
  });
});
