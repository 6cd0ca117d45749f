/** One seed from its begin to its end. */
import { auditId } from '../../store/audit.model.js';
import { AgreementCheck } from '../invariants/agreement.js';
import { checkAudits } from '../invariants/evidence-in-audit.js';
import { checkFinalState, isSettled } from '../invariants/final-state.js';
import type { Violation } from '../invariants/findings.js';
import { orderDocuments } from '../invariants/watched.js';
import { installClock } from '../kernel/clock.js';
import type { StruckFault } from '../kernel/faults.js';
import { RandomStream } from '../kernel/random.js';
import { activateMutation, type MutationName } from '../mutations/active-mutation.js';
import { keptPlan } from '../plan/kept-parts.js';
import type { OutagePlan } from '../plan/outage-plan.js';
import { drawPlan, type SimulationPlan } from '../plan/simulation-plan.js';
import { buildWorld, type SimulatedWorld, START_MS } from './simulated-world.js';

/** Longest that healing may take, after the last fault. */
const HEALING_MS_MAX = 45 * 60_000;
const LOOK_EVERY_MS = 10_000;
/** So long after the last fault at least, besides one whole sweep. */
const HEALING_MS_MIN = 15_000;
/** A lost namespace has its schedule again within this: the worker prepares it every minute. */
const SCHEDULE_LOST_MS = 60_000;

export interface SeedOptions {
  readonly seed: number;
  /** Ids of the parts and faults that may take part; `null` for all. */
  readonly kept?: ReadonlySet<string> | null;
  readonly isTraced?: boolean;
  /** A broken variant of the code; `null` for the code as it is. */
  readonly mutation?: MutationName | null;
}

export interface SeedResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly faults: readonly StruckFault[];
  readonly outages: readonly OutagePlan[];
  readonly steps: number;
  readonly simulatedMs: number;
  /** How the orders ended, for the report. */
  readonly statuses: readonly string[];
  readonly trace: readonly string[];
}

export async function runSeed(options: SeedOptions): Promise<SeedResult> {
  const { seed, kept = null, isTraced = false, mutation = null } = options;
  activateMutation(mutation);
  const plan = keptPlan(drawPlan(seed), kept);
  const lines: string[] = [];
  let elapsedMs = () => 0;
  const trace = (text: string) => {
    if (isTraced) lines.push(`${(elapsedMs() / 1_000).toFixed(3).padStart(9)} ${text}`);
  };
  const simulated = buildWorld(plan, { kept, trace });
  const { timeline, findings, faults } = simulated;
  elapsedMs = () => timeline.nowMs - START_MS;
  const random = new RandomStream(seed, 'math');
  const restore = installClock(timeline, () => random.next());
  try {
    await play(plan, simulated, trace);
    checkAudits(simulated.watched);
    checkFinalState(simulated.watched);
  } finally {
    restore();
    activateMutation(null);
  }
  for (const { invariant, detail } of findings.violations)
    trace(`VIOLATED ${invariant}: ${detail}`);
  return {
    seed,
    violations: findings.violations,
    faults: faults.struck,
    outages: plan.outages,
    steps: timeline.steps,
    simulatedMs: timeline.nowMs - START_MS,
    statuses: orderDocuments(simulated.watched.database).map(({ status }) => status),
    trace: lines,
  };
}

async function play(
  plan: SimulationPlan,
  simulated: SimulatedWorld,
  trace: (text: string) => void,
): Promise<void> {
  const { timeline, people, watched, faults } = simulated;
  for (const order of plan.orders) {
    watched.world.register(order.request);
    people.follow(order, START_MS);
  }
  const sweeps = startSweeps(plan, simulated);
  const agreement = new AgreementCheck(watched);
  for (const outage of plan.outages) {
    timeline.at(START_MS + outage.afterMs, () => {
      trace(`${outage.kind} for ${outage.forMs} ms`);
      if (outage.kind === 'namespace_lost') agreement.runsWereLost();
      breakPart(outage, simulated, sweeps);
    });
  }
  const quietMs = START_MS + plan.hostileMs;
  while (timeline.nowMs < quietMs) {
    await timeline.runUntil(Math.min(quietMs, timeline.nowMs + LOOK_EVERY_MS));
    agreement.look();
  }
  faults.end();
  trace('nothing fails from here on');
  const healedAtMs = timeline.nowMs + plan.sweepIntervalMs + HEALING_MS_MIN;
  const endMs = timeline.nowMs + HEALING_MS_MAX;
  while (timeline.nowMs < endMs) {
    await timeline.runUntil(timeline.nowMs + LOOK_EVERY_MS);
    agreement.look();
    if (timeline.nowMs >= healedAtMs && hasEnded(plan, simulated)) return;
  }
}

/** Nobody waits for anything any more. */
function hasEnded(plan: SimulationPlan, { watched, people }: SimulatedWorld): boolean {
  const orders = orderDocuments(watched.database);
  if (orders.length < plan.orders.length || !orders.every(isSettled)) return false;
  if (orders.some(({ unpublishedFrom }) => unpublishedFrom !== undefined)) return false;
  // Comparisons with the gateway never end, and one of them may be half written just now.
  const audit = watched.database.collection('audit');
  if (orders.some(({ _id, version }) => audit.byId(auditId(_id, version + 1)))) return false;
  if (people.unanswered > 0 || watched.sender.waiting > 0) return false;
  const inbox = [...watched.database.collection('callbacks').documents];
  return inbox.every(({ processedAt }) => processedAt !== null);
}

interface Sweeps {
  /** No sweep before this (epoch ms). */
  heldUntilMs: number;
}

/** Temporal's schedule: one sweep at a time; one that is still running is not started again. */
function startSweeps(
  plan: SimulationPlan,
  { timeline, temporal, outages }: SimulatedWorld,
): Sweeps {
  const sweeps: Sweeps = { heldUntilMs: 0 };
  const attributes = new Map<string, unknown>();
  const tick = () => {
    timeline.after(plan.sweepIntervalMs, tick);
    if (outages.isDown('temporal') || timeline.nowMs < sweeps.heldUntilMs) return;
    temporal.started({ workflowId: 'sweep', type: 'sweep', args: [], attributes });
  };
  timeline.after(plan.sweepIntervalMs, tick);
  return sweeps;
}

function breakPart(outage: OutagePlan, simulated: SimulatedWorld, sweeps: Sweeps): void {
  const { timeline, outages, fleet, temporal, watched } = simulated;
  const { kind, forMs } = outage;
  const untilMs = timeline.nowMs + forMs;
  switch (kind) {
    case 'worker_killed':
      fleet.kill('worker', forMs, forMs);
      return;
    case 'all_workers_killed':
      fleet.killAll('worker', forMs);
      return;
    case 'api_killed':
      fleet.kill('api', forMs, forMs);
      return;
    case 'database_down':
      outages.begin('database', untilMs);
      return;
    case 'temporal_down':
      outages.begin('temporal', untilMs);
      return;
    case 'gateway_down':
      outages.begin('gateway', untilMs);
      return;
    case 'namespace_lost':
      sweeps.heldUntilMs = timeline.nowMs + SCHEDULE_LOST_MS;
      watched.taken.forgetAll();
      watched.sender.forgetCarried();
      temporal.loseEverything();
  }
}
