/** When everything is at rest: reads what there is, and runs every check over it. */
import { readFileSync } from 'node:fs';
import type { Connection } from 'mongoose';
import { databaseSource } from '../audit/database-source.js';
import { parseAuditPublicKeys } from '../config/audit-keys.js';
import { checkAccepted } from './checks/accepted.js';
import { checkAudit } from './checks/audit.js';
import { checkCallbacks } from './checks/callbacks.js';
import { checkDrivers } from './checks/drivers.js';
import { type Evidence, readEvidence, toldOf } from './checks/evidence.js';
import { checkFeed, readFeed } from './checks/feed.js';
import type { Findings } from './checks/findings.js';
import { checkMoney } from './checks/money.js';
import { checkReaders, readAgain } from './checks/readers.js';
import { checkTold } from './checks/told.js';
import { checkWebhook } from './checks/webhook.js';
import type { FeedFollower } from './feed-readers.js';
import type { GatewayHistory } from './gateway-history.js';
import { type Journal, type JournalEntry, readJournal } from './journal.js';
import { withTemporal } from './servers.js';
import type { ServiceClient } from './service-client.js';
import type { Stage } from './stage.js';

/** An order is overdue for good when the sweep has passed it by several times. */
const OVERDUE_MS = 30_000;
/** Counted by themselves. */
const EVENT_KINDS: ReadonlySet<JournalEntry['kind']> = new Set(['events_told', 'event_received']);

export interface AccountSources {
  readonly stage: Pick<Stage, 'direct' | 'secrets'>;
  readonly connection: Connection;
  readonly journal: Pick<Journal, 'file'>;
  readonly gateway: GatewayHistory;
  readonly service: ServiceClient;
  readonly follower: FeedFollower;
}

export interface Account {
  /** How much of each was looked at. */
  readonly counts: Readonly<Record<string, number>>;
  /** How often each status stands. */
  readonly statuses: Readonly<Record<string, number>>;
}

export async function accountForAll(run: AccountSources, findings: Findings): Promise<Account> {
  const { connection, gateway, journal, service, stage, follower } = run;
  const read = await readAgain(readJournal(journal.file), service);
  await readFeed(service, await follower.stop(), findings);
  await gateway.catchUp();
  const told = { findings, gateway, journal: readJournal(journal.file) };
  const evidence = await readEvidence(connection, told);
  checkAccepted(evidence);
  checkMoney(evidence);
  checkTold(evidence);
  checkCallbacks(evidence);
  checkFeed(evidence);
  checkWebhook(evidence);
  checkReaders(read, evidence);
  const driven = await withTemporal(stage.direct.temporalAddress, async (client) => {
    return await checkDrivers(evidence, client, Date.now() - OVERDUE_MS);
  });
  const publicKeys = parseAuditPublicKeys(readFileSync(stage.secrets.audit.publicKeyFile, 'utf8'));
  const audit = await checkAudit(databaseSource(connection), publicKeys, findings);
  return {
    statuses: countBy([...evidence.orders.values()].map(({ status }) => status)),
    counts: {
      answers: told.journal.filter(({ kind }) => !EVENT_KINDS.has(kind)).length,
      orders: evidence.orders.size,
      'orders with a driver': driven,
      callbacks: [...gateway.callbacks.values()].filter(({ delivered }) => delivered).length,
      refunds: gateway.refunds.size,
      ...feedCounts(evidence),
      'audit entries': audit.entries,
      checkpoints: audit.checkpoints,
    },
  };
}

function feedCounts({ journal }: Evidence): Readonly<Record<string, number>> {
  const pages = toldOf(journal, 'events_told');
  const whole = pages.filter(({ reader }) => reader === 'last_reader');
  return {
    events: whole.reduce((sum, { events }) => sum + events.length, 0),
    'pages of the feed': pages.length - whole.length,
    'events sent': toldOf(journal, 'event_received').length,
  };
}

function countBy(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
