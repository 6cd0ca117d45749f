/** A run: everything is started, loaded, hit by faults, left to settle, and accounted for. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import { closeConnection, openConnection } from '../store/connection.js';
import { TrialError } from '../trial/trial-error.js';
import { accountForAll } from './account.js';
import { Findings } from './checks/findings.js';
import { faultPlan } from './fault-plan.js';
import { faultText, inflict } from './faults.js';
import { type FeedFollower, followFeed } from './feed-readers.js';
import { GatewayHistory } from './gateway-history.js';
import { Journal } from './journal.js';
import { type Load, startLoad } from './load.js';
import { Observations, WATCHED_CALLS } from './observations.js';
import { measureRecovery } from './recovery.js';
import { type FaultReport, kindOf, machineText, type RunReport, versionsUsed } from './report.js';
import type { RunSettings } from './run-settings.js';
import { serverVersions } from './servers.js';
import { ServiceClient } from './service-client.js';
import { checkSettled, settle, underWay } from './settle.js';
import { tellSimulatorAt } from './simulator-client.js';
import { type Stage, startStage } from './stage.js';
import { startWebhookReceiver } from './webhook-receiver.js';

const MINUTE_MS = 60_000;
const WARM_UP_MS = 8_000;
const READY_LOOK_MS = 500;
const READY_LIMIT_MS = 90_000;

interface Run {
  readonly settings: RunSettings;
  readonly stage: Stage;
  readonly connection: Connection;
  readonly journal: Journal;
  readonly observations: Observations;
  readonly gateway: GatewayHistory;
  readonly service: ServiceClient;
  readonly load: Load;
  readonly follower: FeedFollower;
}

/**
 * @returns what it found out; the folder of the settings keeps logs, journals and data
 * @throws {TrialError} when the parts cannot be started; `interrupted`
 */
export async function runChaos(settings: RunSettings): Promise<RunReport> {
  settings.say('starting Temporal, MongoDB, the simulator, two APIs and two workers');
  // The journal comes before the stage, which would make it: it is to hold keys.
  await mkdir(settings.folder, { recursive: true, mode: 0o700 });
  const journal = new Journal(join(settings.folder, 'told.jsonl'));
  const webhook = await startWebhookReceiver(journal);
  try {
    return await onStage(settings, journal, await startStage(settings, webhook));
  } finally {
    await webhook.close();
    journal.close();
  }
}

async function onStage(settings: RunSettings, journal: Journal, stage: Stage): Promise<RunReport> {
  const connection = openConnection(stage.direct.mongodbUri, 'chaos');
  const observations = new Observations();
  const gateway = new GatewayHistory(stage.simulatorJournalFile, (attempt, job) => {
    // A forgery is to be refused: it tells nothing.
    if (!job.isRepeated) return;
    const { atMs: startedAtMs, durationMs, isAcknowledged: isSuccess } = attempt;
    const endedAtMs = startedAtMs + durationMs;
    observations.add('callback', { startedAtMs, endedAtMs, isSuccess });
  });
  const { apiUrls, secrets } = stage;
  const service = new ServiceClient({ apiUrls, apiKey: secrets.apiKey, journal, observations });
  const tellSimulator = tellSimulatorAt(stage.simulatorUrl);
  const { checkSchedule } = settings;
  const load = startLoad(settings, { service, tellSimulator, checkSchedule });
  const follower = followFeed(service);
  const told = { journal, observations, gateway };
  const run: Run = { settings, stage, connection, ...told, service, load, follower };
  try {
    return await throughEverything(run);
  } finally {
    settings.say('stopping');
    await Promise.all([closeConnection(connection), stage.close()]);
    // What it still waits for fails now; it may be writing to the journal until then.
    await Promise.all([load.stop(), follower.stop()]);
  }
}

async function throughEverything(run: Run): Promise<RunReport> {
  const { settings, stage, load } = run;
  const faults = await injectFaults(run, load);
  goOn(settings);
  settings.say('no more faults; waiting for everything to come to rest');
  await untilReady(run);
  await load.stop();
  const { connection, gateway } = run;
  const limitMs = settings.settleLimitMs;
  const settled = await settle({
    look: async () => await underWay(connection, gateway),
    limitMs,
    signal: settings.signal,
  });
  goOn(settings);
  const findings = new Findings();
  checkSettled(settled, findings);
  settings.say('checking');
  const checked = await accountForAll(run, findings);
  const { begun, leftOut } = load.counts();
  return {
    seed: settings.seed,
    minutes: Math.round((settings.durationMs / MINUTE_MS) * 10) / 10,
    machine: machineText(),
    versions: versionsUsed(await serverVersions(stage.direct.temporalAddress, connection)),
    load: { orders: begun, 'left out': leftOut, ...callCounts(run.observations) },
    statuses: checked.statuses,
    faults,
    unexpectedEnds: stage.unexpectedEnds.map(({ name, how }) => ({ name, how })),
    settledAfterMs: settled.tookMs,
    checked: checked.counts,
    violations: findings.violations,
  };
}

/** @throws {TrialError} `interrupted` when it is to stop */
function goOn({ signal }: RunSettings): void {
  if (signal.aborted) throw new TrialError('interrupted', 'Stopped before its end.');
}

function callCounts(observations: Observations): Readonly<Record<string, number>> {
  return Object.fromEntries(
    WATCHED_CALLS.flatMap((call) => {
      const { all, failed } = observations.counts(call);
      return [
        [`${call} calls`, all],
        [`${call} calls failed`, failed],
      ];
    }),
  );
}

async function injectFaults(run: Run, load: Load): Promise<readonly FaultReport[]> {
  const { settings, stage, observations, connection, gateway } = run;
  const { signal, say } = settings;
  const reports: FaultReport[] = [];
  const endMs = Date.now() + settings.durationMs;
  await quiet(WARM_UP_MS, signal);
  const plan = faultPlan(settings.seed, (name, action) => {
    const part = stage.parts.get(name);
    return part !== undefined && (action === 'kill' || part.isOurs);
  });
  for (const { gapMs, faults } of plan) {
    if (Date.now() >= endMs || signal.aborted) break;
    await quiet(gapMs, signal);
    const text = faults.map(faultText).join(' AND ');
    const beganAtMs = Date.now();
    await Promise.all(faults.map(async (fault) => await inflict(fault, stage, signal)));
    const endedAtMs = Date.now();
    const catchUp = async () => await gateway.catchUp();
    const limitMs = settings.recoveryLimitMs;
    const sources = { observations, connection, catchUp, limitMs, signal };
    const { recovery, behind } = await measureRecovery(endedAtMs, sources);
    reports.push({
      ...{ kind: kindOf(faults.map(({ kind }) => kind)), text, beganAtMs, endedAtMs, recovery },
    });
    const late = behind === '' ? '' : ` (${behind} behind)`;
    say(`${progressText(beganAtMs, text, recovery)}${late}; ${load.counts().begun} orders`);
  }
  return reports;
}

function progressText(beganAtMs: number, text: string, recovery: FaultReport['recovery']): string {
  const time = new Date(beganAtMs).toISOString().slice(11, 19);
  const measured = Object.entries(recovery)
    .map(([name, afterMs]) => `${name} ${afterMs === null ? '> 60' : (afterMs / 1_000).toFixed(1)}`)
    .join(', ');
  return `${time} ${text}: ${measured}`;
}

async function quiet(durationMs: number, signal: AbortSignal): Promise<void> {
  await pause(durationMs, undefined, { signal }).catch(() => undefined);
}

async function untilReady({ stage, settings }: Run): Promise<void> {
  const endMs = Date.now() + READY_LIMIT_MS;
  while (Date.now() < endMs && !settings.signal.aborted) {
    const ready = await Promise.all(
      [...stage.parts.values()].map(async (part) => await part.isReady()),
    );
    if (ready.every(Boolean)) return;
    await pause(READY_LOOK_MS);
  }
}
