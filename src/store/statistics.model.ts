import { type Connection, type Model, Schema } from 'mongoose';
import type { MinuteStatistics } from '../domain/statistics.js';

export interface StatisticsDocument extends MinuteStatistics {
  /** `<minute>/<processId>`: every document has one writer. */
  readonly _id: string;
  /** The minute once more, as the date that the time limit needs. */
  readonly at: Date;
}

/** A week for the charts and the day before it for the usual levels of its first minutes. */
const KEPT_SECONDS = 8 * 86_400;

const statisticsSchema = new Schema<StatisticsDocument>(
  {
    _id: String,
    at: Date,
    minute: String,
    ordersCreated: Number,
    ordersCanceled: Number,
    ordersPaid: { callback: Number, check: Number, verify: Number, operator: Number },
    timeToTruth: [Number],
    gatewayCalls: Number,
    gatewayAnswered: Number,
    gatewayDuration: [Number],
    callbacksAccepted: Number,
    callbacksRefused: Number,
    signatureFailures: Number,
  },
  { collection: 'statistics', strict: 'throw', versionKey: false },
);
statisticsSchema.index({ minute: 1 });
statisticsSchema.index({ at: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export function statisticsModel(connection: Connection): Model<StatisticsDocument> {
  return connection.model<StatisticsDocument>('Statistics', statisticsSchema);
}
