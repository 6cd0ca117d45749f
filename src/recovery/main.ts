/** Process entry of `npm run recover`: what has a restore lost, and what of it can be brought back? */
import { setTimeout } from 'node:timers/promises';
import { Command } from 'commander';
import { runCommand, UsageError, withDatabase } from '../audit/command-line.js';
import { readConfig } from '../config/config.js';
import { createCodePayGateway } from '../gateway/codepay/codepay-gateway.js';
import { createStores } from '../store/stores.js';
import { createTemporalClient } from '../temporal/connection.js';
import { knownOrders } from '../temporal/known-orders.js';
import { withSweepPaused } from '../temporal/sweep-schedule.js';
import { TemporalOrderMessenger } from '../temporal/temporal-order-messenger.js';
import { findLosses, type RecoveryOptions, type RecoveryParts } from './find-losses.js';
import { unlessInterrupted } from './interruption.js';
import { type RecoveryReport, reportText } from './losses.js';

const SECOND_MS = 1_000;

interface Options {
  readonly since: string;
  readonly report?: true;
  readonly json?: true;
}

function readOptions(): Options {
  return new Command('recover')
    .exitOverride()
    .description(
      'After MongoDB or Temporal was restored: writes records again from what runs know, asks the gateway about open and recently closed orders, and tells what is lost. Needs a running worker, and the environment of the worker.',
    )
    .requiredOption('--since <time>', 'when the copy was made that MongoDB was restored from')
    .option('--report', 'changes nothing, only tells')
    .option('--json', 'the result as JSON')
    .parse()
    .opts<Options>();
}

async function main(): Promise<number> {
  const options = readOptions();
  const sinceMs = Date.parse(options.since);
  if (Number.isNaN(sinceMs)) throw new UsageError('--since is a time such as 2026-11-20T03:00:00Z');
  const report = await recover({
    since: new Date(sinceMs).toISOString(),
    repairs: options.report !== true,
  });
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportText(report));
  return report.losses.every(({ isRepaired }) => isRepaired) ? 0 : 1;
}

async function recover(options: RecoveryOptions): Promise<RecoveryReport> {
  const config = readConfig(process.env);
  const { codepay } = config;
  const client = createTemporalClient(config);
  return await withDatabase(config.mongodbUri.reveal(), async (connection) => {
    const parts: RecoveryParts = {
      ...createStores(connection, { isDelivered: config.merchantWebhook !== null, now: Date.now }),
      merchantNo: codepay.merchantNo,
      messenger: new TemporalOrderMessenger(client, config.taskQueue),
      gateway: createCodePayGateway({ ...codepay, privateKey: codepay.privateKey.reveal() }),
      runs: (since) => knownOrders(client, { taskQueue: config.taskQueue, since }),
      pause: async () => await setTimeout(SECOND_MS / codepay.rateLimitPerSecond),
      now: Date.now,
    };
    const find = async () => await findLosses(parts, options);
    return options.repairs
      ? await withSweepPaused(client, async () => await unlessInterrupted(find))
      : await find();
  }).finally(async () => await client.connection.close());
}

runCommand(main);
