/** Puts a seed's parts together. */
import type { CallbackReceipt } from '../../api/callback-receiver.js';
import type { QueryEvidence } from '../../domain/evidence.js';
import { People } from '../actors/people.js';
import { SimulatedDatabase } from '../database/simulated-database.js';
import { CallbackSender } from '../gateway/callback-sender.js';
import { EvidenceLedger } from '../gateway/evidence-ledger.js';
import { GatewayWorld } from '../gateway/gateway-world.js';
import { Findings } from '../invariants/findings.js';
import { checkOrderWrite } from '../invariants/order-writes.js';
import { ReaderChecks } from '../invariants/readers.js';
import { TakenEvidence } from '../invariants/taken-evidence.js';
import type { Watched } from '../invariants/watched.js';
import { Faults } from '../kernel/faults.js';
import { Outages } from '../kernel/outages.js';
import { never } from '../kernel/simulated-process.js';
import { Timeline } from '../kernel/timeline.js';
import type { SimulationPlan } from '../plan/simulation-plan.js';
import { Fleet } from '../service/fleet.js';
import type { Surroundings } from '../service/service-parts.js';
import type { ActivityOutcome } from '../temporal/history.js';
import { SimulatedTemporal, type TemporalObserver } from '../temporal/simulated-temporal.js';

/** When every seed begins (epoch ms): 2026-01-01T00:00:00Z. */
export const START_MS = 1_767_225_600_000;
const SCHEDULED_WINDOW_MS = 86_400_000;

export interface SimulatedWorld {
  readonly timeline: Timeline;
  readonly faults: Faults;
  readonly outages: Outages;
  readonly temporal: SimulatedTemporal;
  readonly fleet: Fleet;
  readonly people: People;
  readonly watched: Watched;
  readonly findings: Findings;
}

/** Over 50 lines because it is the list of a seed's parts; each is made in a line or two. */
export function buildWorld(
  plan: SimulationPlan,
  options: { readonly kept: ReadonlySet<string> | null; readonly trace: (text: string) => void },
): SimulatedWorld {
  const { kept, trace } = options;
  const timeline = new Timeline(START_MS);
  const nowMs = () => timeline.nowMs;
  const { seed, faultMix: mix, faultsMax: max } = plan;
  const faults = new Faults({ seed, mix, max, kept, nowMs });
  const outages = new Outages(timeline);
  const findings = new Findings(nowMs);
  const ledger = new EvidenceLedger();
  const taken = new TakenEvidence();
  const database = new SimulatedDatabase();
  const world = new GatewayWorld(timeline, faults);
  const observer = temporalObserver({ findings, ledger, taken, trace });
  const temporal = new SimulatedTemporal({ timeline, faults, outages, observer });
  const around: Surroundings = {
    timeline,
    faults,
    outages,
    database,
    temporal,
    world,
    ledger,
    sweepIntervalMs: plan.sweepIntervalMs,
    scheduledWindowMs: SCHEDULED_WINDOW_MS,
  };
  const fleet = new Fleet(around, plan);
  const target = async (body: Buffer) =>
    await (fleet.api()?.receive(body) ?? never<CallbackReceipt>());
  const sender = new CallbackSender({ ...around, target });
  world.onMessage = (message) => {
    trace(`gateway tells of ${message.number}: ${message.facts.state}`);
    sender.send(message);
  };
  const readers = new ReaderChecks(findings, ledger, nowMs);
  const people = new People({ timeline, fleet, world, readers, trace });
  const watched: Watched = {
    findings,
    database,
    temporal,
    world,
    ledger,
    sender,
    fleet,
    taken,
    nowMs,
    sweepIntervalMs: plan.sweepIntervalMs,
    accepted: { orders: people.acceptedOrders, refunds: people.acceptedRefunds },
  };
  database.onWrite = (written) => {
    traceWrite(written.collection, written.after, trace);
    checkOrderWrite(written, watched);
  };
  return { timeline, faults, outages, temporal, fleet, people, watched, findings };
}

function traceWrite(
  collection: string,
  after: Readonly<Record<string, unknown>>,
  trace: (text: string) => void,
): void {
  if (collection !== 'audit') return;
  const { reply, callbackId } = after.data as {
    readonly reply?: { readonly evidence?: string };
    readonly callbackId?: string;
  };
  const evidence = reply?.evidence ?? callbackId?.slice(0, 6) ?? '';
  trace(`audit ${String(after._id)} ${String(after.event)} ${evidence}: ${String(after.summary)}`);
}

/** Links answers to their questions, and remembers what a run took in. */
function temporalObserver(parts: {
  readonly findings: Findings;
  readonly ledger: EvidenceLedger;
  readonly taken: TakenEvidence;
  readonly trace: (text: string) => void;
}): TemporalObserver {
  const { findings, ledger, taken, trace } = parts;
  return {
    broken(what) {
      trace(`broken: ${what}`);
      findings.violated('workflow_is_deterministic', what);
    },
    activityEnded(type, outcome) {
      if (outcome.is !== 'completed') trace(`${type} ${JSON.stringify(outcome)}`);
      const answer = answerOf(outcome);
      if (answer !== null) ledger.answered(answer.queryId, answer.evidence);
    },
    activityOrphaned(outcome) {
      const answer = answerOf(outcome);
      if (answer !== null) taken.orphaned.add(answer.evidence);
    },
    activityTaken(run, outcome) {
      const answer = answerOf(outcome);
      if (answer === null) return;
      const { evidence } = answer;
      trace(`${run.start.workflowId} takes ${evidence}`);
      const [key] = run.start.args as readonly [{ readonly merchantOrderNo: string }];
      taken.add(key.merchantOrderNo, evidence);
    },
  };
}

/** The gateway's answer in an activity's result; `null` when it is another activity's. */
function answerOf(
  outcome: ActivityOutcome,
): { readonly queryId: string; readonly evidence: string } | null {
  if (outcome.is !== 'completed') return null;
  const { queryId, result } = (outcome.result ?? {}) as Partial<QueryEvidence>;
  const evidence = result?.reply?.evidence;
  return queryId === undefined || evidence === undefined ? null : { queryId, evidence };
}
