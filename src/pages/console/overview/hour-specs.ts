/** The charts of the last hour, from the overview. Pure. */
import type { Overview, OverviewMinute } from '../../../api/console/console-contract.js';
import type { ChartSeries, ChartSpec } from '../charts/chart-spec.js';
import { durationWords } from '../data/time-words.js';

/** Source of the definition: the contract's `gatewayAvailabilityShare`. */
const AVAILABLE_FROM_SHARE = 0.5;

/** All of them, in the order in which they are looked at. */
export function hourSpecs(overview: Overview): readonly ChartSpec[] {
  return [
    ordersPerMinute(overview),
    truthShares(overview),
    timeToTruth(overview),
    gatewaySuccess(overview),
    gatewayLatency(overview),
    callbacks(overview),
  ];
}

function ordersPerMinute({ minutes, hour }: Overview): ChartSpec {
  const from = encodeURIComponent(minutes[0]?.minute ?? '');
  const created = minutes.map(({ ordersCreated }) => ordersCreated);
  return {
    id: 'chart-orders',
    title: 'Orders per minute',
    figures: [
      { text: `${count(hour.ordersCreated)} created`, href: `/console/orders?createdFrom=${from}` },
      { text: `${count(paidIn(hour))} paid`, href: `/console/orders?paidFrom=${from}` },
      { text: `${count(hour.ordersCanceled)} canceled`, href: '/console/orders?status=canceled' },
    ],
    series: [
      { label: 'Created', colour: 1, shape: 'bars', values: created },
      line('Paid', 2, minutes.map(paidIn)),
      {
        ...line(
          'Canceled',
          3,
          minutes.map((one) => one.ordersCanceled),
        ),
        isDashed: true,
      },
    ],
    format: count,
    whenEmpty: 'No order was created in the last hour. Orders per minute will be drawn here.',
  };
}

function truthShares({ minutes, hour }: Overview): ChartSpec {
  const share = (pick: (one: Paid) => number) => (one: Paid) =>
    paidIn(one) === 0 ? null : pick(one) / paidIn(one);
  const byCallback = share(({ paidByCallback }) => paidByCallback);
  const byCheck = share(({ paidByCheck }) => paidByCheck);
  const byPage = share(({ paidByVerify }) => paidByVerify);
  const figure = (words: string, value: number | null) =>
    value === null ? [] : [{ text: `${percent(value)} ${words}` }];
  return {
    id: 'chart-truth-shares',
    title: 'How payments became known',
    figures: [
      ...figure('by callback', byCallback(hour)),
      ...figure('by check', byCheck(hour)),
      ...figure("asked by the payer's page", byPage(hour)),
    ],
    series: [
      line('By callback', 2, minutes.map(byCallback)),
      { ...line('By check', 3, minutes.map(byCheck)), isDashed: true },
      line("By payer's page", 4, minutes.map(byPage)),
    ],
    format: percent,
    maximum: 1,
    tableOnly: [{ label: 'Paid', values: minutes.map((one) => count(paidIn(one))) }],
    whenEmpty:
      'Nothing was paid in the last hour. The share that callbacks told of, and that checks had to find, will be drawn here.',
  };
}

function timeToTruth({ minutes, hour }: Overview): ChartSpec {
  return {
    id: 'chart-time-to-truth',
    title: 'Time to truth',
    figures: percentiles(hour.timeToTruthP50Ms, hour.timeToTruthP95Ms),
    series: percentileSeries(
      minutes.map(({ timeToTruthP50Ms }) => timeToTruthP50Ms),
      minutes.map(({ timeToTruthP95Ms }) => timeToTruthP95Ms),
    ),
    format: durationWords,
    whenEmpty:
      'Nothing was paid in the last hour. The time from creation to proof of payment will be drawn here.',
  };
}

function gatewaySuccess({ minutes, hour }: Overview): ChartSpec {
  const shares = minutes.map(({ gatewayCalls, gatewayAnswered }) =>
    gatewayCalls === 0 ? null : gatewayAnswered / gatewayCalls,
  );
  const available = shares.map((share) =>
    share === null ? '–' : share >= AVAILABLE_FROM_SHARE ? 'yes' : 'no',
  );
  const { gatewaySuccessShare, gatewayAvailabilityShare } = hour;
  return {
    id: 'chart-gateway-success',
    title: 'Gateway: calls that were answered',
    figures: [
      ...(gatewaySuccessShare === null
        ? []
        : [{ text: `${percent(gatewaySuccessShare)} of ${count(hour.gatewayCalls)} calls` }]),
      ...(gatewayAvailabilityShare === null
        ? []
        : [{ text: `available in ${percent(gatewayAvailabilityShare)} of the minutes` }]),
    ],
    series: [line('Answered', 2, shares)],
    format: percent,
    maximum: 1,
    tableOnly: [
      { label: 'Calls', values: minutes.map(({ gatewayCalls }) => count(gatewayCalls)) },
      { label: 'Available', values: available },
    ],
    whenEmpty:
      'The gateway was not called in the last hour. The share of calls with a signed answer will be drawn here.',
  };
}

function gatewayLatency({ minutes, hour }: Overview): ChartSpec {
  return {
    id: 'chart-gateway-latency',
    title: 'Gateway: time of a call',
    figures: percentiles(hour.gatewayP50Ms, hour.gatewayP95Ms),
    series: percentileSeries(
      minutes.map(({ gatewayP50Ms }) => gatewayP50Ms),
      minutes.map(({ gatewayP95Ms }) => gatewayP95Ms),
    ),
    format: durationWords,
    whenEmpty:
      'The gateway was not called in the last hour. The time of its calls will be drawn here.',
  };
}

function callbacks({ minutes, hour }: Overview): ChartSpec {
  return {
    id: 'chart-callbacks',
    title: 'Callbacks per minute',
    figures: [
      { text: `${count(hour.callbacksAccepted)} accepted` },
      { text: `${count(hour.callbacksRefused)} refused` },
    ],
    series: [
      {
        label: 'Accepted',
        colour: 1,
        shape: 'bars',
        values: minutes.map(({ callbacksAccepted }) => callbacksAccepted),
      },
      line(
        'Refused',
        3,
        minutes.map(({ callbacksRefused }) => callbacksRefused),
      ),
    ],
    format: count,
    whenEmpty: 'No callback came in the last hour. Accepted and refused ones will be drawn here.',
  };
}

type Paid = Pick<
  OverviewMinute,
  'paidByCallback' | 'paidByCheck' | 'paidByVerify' | 'paidByOperator'
>;

function paidIn({ paidByCallback, paidByCheck, paidByVerify, paidByOperator }: Paid): number {
  return paidByCallback + paidByCheck + paidByVerify + paidByOperator;
}

function line(
  label: string,
  colour: ChartSeries['colour'],
  values: ChartSeries['values'],
): ChartSeries {
  return { label, colour, shape: 'line', values };
}

function percentileSeries(
  p50: ChartSeries['values'],
  p95: ChartSeries['values'],
): readonly ChartSeries[] {
  return [line('Half (p50)', 2, p50), { ...line('19 of 20 (p95)', 3, p95), isDashed: true }];
}

function percentiles(p50Ms: number | null, p95Ms: number | null): ChartSpec['figures'] {
  if (p50Ms === null || p95Ms === null) return [];
  return [
    { text: `half within ${durationWords(p50Ms)}` },
    { text: `19 of 20 within ${durationWords(p95Ms)}` },
  ];
}

function count(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en') : '';
}

/** One decimal only where a whole number would hide that something failed. */
function percent(share: number): string {
  const isNearlyAll = share > 0.99 && share < 1;
  return `${isNearlyAll ? (Math.floor(share * 1_000) / 10).toFixed(1) : Math.round(share * 100)} %`;
}
