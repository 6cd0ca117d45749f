import type { MinuteStatistics, TruthSource } from '../domain/statistics.js';

/** What the processes count, minute by minute. All methods throw when MongoDB does not answer. */
export interface StatisticsStore {
  /** Replaces what this process has written for this minute: it is the only writer of it. */
  write(processId: string, statistics: MinuteStatistics): Promise<void>;
  /** Of all processes, from this minute on, in no order; one minute may be there several times. */
  since(minute: string): Promise<readonly MinuteStatistics[]>;
  /** Orders that became paid, of all processes together. @param to first minute that is not counted any more */
  ordersPaid(from: string, to: string): Promise<Readonly<Record<TruthSource, number>>>;
}
