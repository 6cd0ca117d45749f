/** Which branches of the decision code a sample of seeds has gone through, by V8's own counts. */
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** What decides: paths as in the bundle's source map. */
const DECISION_CODE =
  /\/domain\/(decide|decision-entry|closing|evidence-entries|payment-outcomes|schedule|review|order-state|verify-answer|healing|refund-[a-z]+)\.ts$/;

export interface FileCoverage {
  readonly file: string;
  readonly branches: number;
  readonly covered: number;
  /** Lines on which a branch begins that was never taken. */
  readonly missedLines: readonly number[];
}

/** @param work the seeds; slower than otherwise */
export async function measureCoverage(
  bundle: URL,
  work: () => Promise<unknown>,
): Promise<readonly FileCoverage[]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  await work();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  const script = result.find(({ url }) => url === bundle.href);
  return script === undefined ? [] : byFile(bundle, script.functions);
}

interface CoveredFunction {
  readonly ranges: readonly { readonly startOffset: number; readonly count: number }[];
}

function byFile(bundle: URL, functions: readonly CoveredFunction[]): readonly FileCoverage[] {
  const path = fileURLToPath(bundle);
  const code = readFileSync(path, 'utf8');
  const map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')));
  const lineStarts = [0];
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) {
    lineStarts.push(at + 1);
  }
  const files = new Map<string, { branches: number; covered: number; missed: Set<number> }>();
  for (const { ranges } of functions) {
    for (const { startOffset, count } of ranges) {
      const origin = originOf(map, lineStarts, startOffset);
      if (origin === null || !DECISION_CODE.test(origin.file)) continue;
      const file = origin.file.slice(origin.file.lastIndexOf('/domain/') + 1);
      const counts = files.get(file) ?? { branches: 0, covered: 0, missed: new Set() };
      counts.branches += 1;
      if (count > 0) counts.covered += 1;
      else counts.missed.add(origin.line);
      files.set(file, counts);
    }
  }
  return [...files]
    .map(([file, { branches, covered, missed }]) => ({
      file,
      branches,
      covered,
      missedLines: [...missed].sort((left, right) => left - right),
    }))
    .sort((left, right) => (left.file < right.file ? -1 : 1));
}

function originOf(
  map: SourceMap,
  lineStarts: readonly number[],
  offset: number,
): { readonly file: string; readonly line: number } | null {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const entry = map.findEntry(low, offset - (lineStarts[low] ?? 0));
  return 'originalSource' in entry
    ? { file: entry.originalSource, line: entry.originalLine + 1 }
    : null;
}
