import { useEffect, useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { minuteWords } from '../data/time-words.js';
import { type Theme, useShownTheme } from '../data/use-theme.js';
import type { ChartSeries, ChartSpec } from './chart-spec.js';

const HEIGHT_PX = 150;
const AXIS_WIDTH_PX = 58;
const TIME_AXIS_HEIGHT_PX = 26;
/** Pointing at one chart points at the same minute of all. */
const CURSOR_GROUP = 'minutes';

interface LineChartProps {
  readonly chart: ChartSpec;
  /** Begin of each minute, RFC 3339. */
  readonly minutes: readonly string[];
}

/** A drawing; the figures are in the table beside it. */
export function LineChart({ chart, minutes }: LineChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<uPlot | null>(null);
  const theme = useShownTheme();
  const data = useMemo(() => dataOf(chart, minutes), [chart, minutes]);
  const latest = useRef({ chart, data });
  latest.current = { chart, data };

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const plot = new uPlot(
      optionsOf(latest.current.chart, colourReader(element, theme), element.clientWidth),
      latest.current.data,
      element,
    );
    drawn.current = plot;
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
      drawn.current = null;
    };
  }, [theme]);

  useEffect(() => drawn.current?.setData(data), [data]);

  return <div class="drawing" ref={box} aria-hidden="true" />;
}

function dataOf(chart: ChartSpec, minutes: readonly string[]): uPlot.AlignedData {
  return [
    minutes.map((minute) => Date.parse(minute) / 1_000),
    ...chart.series.map(({ values }) => [...values]),
  ];
}

function optionsOf(
  chart: ChartSpec,
  colour: (name: string) => string,
  width: number,
): uPlot.Options {
  const axis = {
    stroke: colour('--pico-muted-color'),
    grid: { stroke: colour('--console-grid'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return {
    width,
    height: HEIGHT_PX,
    padding: [8, 8, 0, 0],
    legend: { markers: { fill: markerColour, width: 0 } },
    cursor: { sync: { key: CURSOR_GROUP }, drag: { x: false, y: false } },
    scales: { y: { range: (_plot, _least, most) => [0, chart.maximum ?? roomFor(most)] } },
    axes: [
      {
        ...axis,
        size: TIME_AXIS_HEIGHT_PX,
        space: 60,
        values: (_plot, seconds) => seconds.map((at) => minuteWords(at * 1_000)),
      },
      {
        ...axis,
        size: AXIS_WIDTH_PX,
        space: 34,
        values: (_plot, values) => values.map((value) => chart.format(value)),
      },
    ],
    series: [
      { label: 'Minute', value: (_plot, at) => (at === null ? '–' : minuteWords(at * 1_000)) },
      ...chart.series.map((series) => seriesOptions(series, chart, colour)),
    ],
  };
}

function seriesOptions(
  series: ChartSeries,
  chart: ChartSpec,
  colour: (name: string) => string,
): uPlot.Series {
  const stroke = colour(`--chart-${series.colour}`);
  const isBars = series.shape === 'bars';
  return {
    label: series.label,
    stroke,
    width: isBars ? 0 : 2,
    ...(isBars ? { fill: stroke } : {}),
    ...(series.isDashed ? { dash: [6, 4] } : {}),
    points: { show: !isBars, size: 6, fill: stroke, filter: lonelyPoints },
    ...(isBars && uPlot.paths.bars ? { paths: uPlot.paths.bars({ size: [0.7, 14] }) } : {}),
    value: (_plot, value) => (value === null ? '–' : chart.format(value)),
  };
}

/** A minute between two empty ones makes no line: it needs its point. */
function lonelyPoints(plot: uPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  return [...values.keys()].filter(
    (index) => values[index] != null && values[index - 1] == null && values[index + 1] == null,
  );
}

function markerColour(plot: uPlot, series: number): string {
  const { stroke } = plot.series[series] ?? {};
  const colour = typeof stroke === 'function' ? stroke(plot, series) : stroke;
  return typeof colour === 'string' ? colour : '';
}

/** Nothing yet, or one: the scale still needs a height. */
function roomFor(most: number | null): number {
  return most === null || most <= 1 ? 1 : most * 1.1;
}

/** A canvas knows no custom properties: the browser works them out on an element. @param _theme colours are of one theme */
function colourReader(element: HTMLElement, _theme: Theme): (name: string) => string {
  return (name) => {
    const probe = document.createElement('span');
    probe.style.color = `var(${name})`;
    element.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}
