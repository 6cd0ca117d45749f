/** Shares seeds out among threads of this very program. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import {
  type BatchReport,
  type BatchRequest,
  EMPTY_REPORT,
  mergedReport,
  runBatch,
} from './seed-batch.js';

/** Seeds of one message: the progress that is seen. */
const SEEDS_PER_REPORT = 100;

export interface SharedRequest extends Omit<BatchRequest, 'step'> {
  readonly threads: number;
}

/** @param onProgress told of all that was counted so far */
export async function runShared(
  request: SharedRequest,
  onProgress: (report: BatchReport) => void,
): Promise<BatchReport> {
  const { threads, from, count, ...rest } = request;
  let report = EMPTY_REPORT;
  const take = (part: BatchReport) => {
    report = mergedReport(report, part);
    onProgress(report);
  };
  const shares = Array.from({ length: threads }, (_, index) => ({
    ...rest,
    from: from + index,
    step: threads,
    count: Math.floor((count - index + threads - 1) / threads),
  }));
  await Promise.all(shares.map((share) => runInThread(share, take)));
  return report;
}

function runInThread(request: BatchRequest, take: (part: BatchReport) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL(import.meta.url), { workerData: request });
    thread.on('message', take);
    thread.on('error', reject);
    thread.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a thread ended with ${code}`));
    });
  });
}

/** The work of a thread. @returns false in the main thread, which has none */
export async function workInThread(): Promise<boolean> {
  if (isMainThread) return false;
  const request = workerData as BatchRequest;
  const { from, step, count, untilMs, stopsAt } = request;
  for (let done = 0; done < count; done += SEEDS_PER_REPORT) {
    if (untilMs !== null && Date.now() >= untilMs) break;
    const part = await runBatch({
      ...request,
      from: from + done * step,
      count: Math.min(SEEDS_PER_REPORT, count - done),
    });
    parentPort?.postMessage(part);
    const isDone = part.failed.some(({ violations }) =>
      violations.some(({ invariant }) => invariant === stopsAt),
    );
    if (isDone) break;
  }
  return true;
}
