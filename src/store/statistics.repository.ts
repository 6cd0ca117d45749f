import type { Connection, Model } from 'mongoose';
import type { MinuteStatistics, TruthSource } from '../domain/statistics.js';
import { readableStatistics } from './readable-statistics.js';
import { type StatisticsDocument, statisticsModel } from './statistics.model.js';
import type { StatisticsStore } from './statistics-store.js';

export class StatisticsRepository implements StatisticsStore {
  readonly #statistics: Model<StatisticsDocument>;

  constructor(connection: Connection) {
    this.#statistics = statisticsModel(connection);
  }

  async createIndexes(): Promise<void> {
    await this.#statistics.createIndexes();
  }

  async write(processId: string, statistics: MinuteStatistics): Promise<void> {
    const { minute } = statistics;
    const _id = `${minute}/${processId}`;
    await this.#statistics.replaceOne(
      { _id },
      { ...statistics, _id, at: new Date(minute) },
      { upsert: true },
    );
  }

  async since(minute: string): Promise<readonly MinuteStatistics[]> {
    const documents = await this.#statistics
      .find({ minute: { $gte: minute } }, { _id: 0, at: 0 })
      .lean<MinuteStatistics[]>();
    return documents.map(readableStatistics).filter((statistics) => statistics !== null);
  }

  /** Summed by the database: a day holds thousands of documents. */
  async ordersPaid(from: string, to: string): Promise<Readonly<Record<TruthSource, number>>> {
    const [sums] = await this.#statistics.aggregate<Record<TruthSource, number>>([
      { $match: { minute: { $gte: from, $lt: to } } },
      {
        $group: {
          _id: null,
          callback: { $sum: '$ordersPaid.callback' },
          check: { $sum: '$ordersPaid.check' },
          verify: { $sum: '$ordersPaid.verify' },
          operator: { $sum: '$ordersPaid.operator' },
        },
      },
      { $project: { _id: 0 } },
    ]);
    return sums ?? { callback: 0, check: 0, verify: 0, operator: 0 };
  }
}
