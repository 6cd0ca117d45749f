/** What is done to the parts, by kind. Times in milliseconds. */
import { setTimeout as pause } from 'node:timers/promises';
import type { RandomStream } from '../simulation/kernel/random.js';
import { API_NAMES, LINE_TARGETS, type LineTarget, type Stage, WORKER_NAMES } from './stage.js';
import type { LineCondition } from './tcp-proxy.js';

export type ProcessAction = 'kill' | 'pause' | 'restart';
export type LineAction = 'slow' | 'silent' | 'broken';

/** One fault of the plan, with everything that chance decides about it. */
export type Fault =
  | {
      readonly action: ProcessAction;
      /** What the table calls it, such as `kill worker`. */
      readonly kind: string;
      readonly names: readonly string[];
      readonly durationMs: number;
    }
  | {
      readonly action: LineAction;
      readonly kind: string;
      readonly to: LineTarget;
      /** Lines from this process alone; `null` for all that lead there. */
      readonly from: string | null;
      readonly latencyMs: number;
      readonly durationMs: number;
    };

const PAUSE_MIN_MS = 2_000;
const PAUSE_MAX_MS = 15_000;
const DOWN_MIN_MS = 500;
const DOWN_MAX_MS = 6_000;
const LATENCY_MIN_MS = 50;
const LATENCY_MAX_MS = 800;

interface ProcessGroup {
  readonly title: string;
  readonly names: readonly string[];
  readonly isEach: boolean;
}

const GROUPS: readonly ProcessGroup[] = [
  { title: 'an API', names: API_NAMES, isEach: true },
  { title: 'both APIs', names: API_NAMES, isEach: false },
  { title: 'a worker', names: WORKER_NAMES, isEach: true },
  { title: 'both workers', names: WORKER_NAMES, isEach: false },
  { title: 'Temporal', names: ['temporal'], isEach: false },
  { title: 'MongoDB', names: ['mongodb'], isEach: false },
  { title: 'simulator', names: ['simulator'], isEach: false },
];

const LINE_WORDS: Readonly<Record<LineAction, string>> = {
  slow: 'slow line to',
  silent: 'silent line to',
  broken: 'broken line to',
};

/** Who uses which lines; `null`, all of them at once, is drawn more often than each by itself. */
const LINE_USERS: Readonly<Record<LineTarget, readonly (string | null)[]>> = {
  temporal: [null, null, ...API_NAMES, ...WORKER_NAMES],
  mongodb: [null, null, ...API_NAMES, ...WORKER_NAMES],
  // Workers alone speak to the gateway.
  simulator: [null, ...WORKER_NAMES],
  callbacks: [null],
};

const PROCESS_ACTIONS: readonly ProcessAction[] = ['kill', 'pause', 'restart'];
const LINE_ACTIONS: readonly LineAction[] = ['slow', 'silent', 'broken'];

/** Which processes can be reached, and how. */
export type Reach = (name: string, action: ProcessAction) => boolean;

/** One fault of every kind there is, in a fixed order. */
export function everyFault(random: RandomStream, canReach: Reach): readonly Fault[] {
  const ofProcesses = GROUPS.flatMap((group) =>
    PROCESS_ACTIONS.filter((action) => group.names.every((name) => canReach(name, action))).map(
      (action) => processFault(action, group, random),
    ),
  );
  const ofLines = LINE_TARGETS.flatMap((to) =>
    LINE_ACTIONS.map((action) => lineFault(action, to, random)),
  );
  return [...ofProcesses, ...ofLines];
}

function processFault(
  action: ProcessAction,
  { title, names, isEach }: ProcessGroup,
  random: RandomStream,
): Fault {
  const one = names[random.integer(0, names.length - 1)] ?? '';
  const durationMs =
    action === 'pause'
      ? random.integer(PAUSE_MIN_MS, PAUSE_MAX_MS)
      : random.integer(DOWN_MIN_MS, DOWN_MAX_MS);
  return { action, kind: `${action} ${title}`, names: isEach ? [one] : names, durationMs };
}

function lineFault(action: LineAction, to: LineTarget, random: RandomStream): Fault {
  const froms = LINE_USERS[to];
  return {
    action,
    kind: `${LINE_WORDS[action]} ${to}`,
    to,
    from: froms[random.integer(0, froms.length - 1)] ?? null,
    latencyMs: random.integer(LATENCY_MIN_MS, LATENCY_MAX_MS),
    durationMs: random.integer(PAUSE_MIN_MS, PAUSE_MAX_MS),
  };
}

export function faultText(fault: Fault): string {
  const seconds = `${(fault.durationMs / 1_000).toFixed(1)} s`;
  if ('names' in fault) return `${fault.action} ${fault.names.join(' and ')}, ${seconds}`;
  const late = fault.action === 'slow' ? `, ${fault.latencyMs} ms each way` : '';
  return `${fault.kind} from ${fault.from ?? 'everywhere'}${late}, ${seconds}`;
}

/** Does it, holds it as long as it lasts, and undoes it. Returns at its end: what was ended has been started, not more. */
export async function inflict(fault: Fault, stage: Stage, signal: AbortSignal): Promise<void> {
  const undo = 'names' in fault ? await hitProcesses(fault, stage) : hitLines(fault, stage);
  await pause(fault.durationMs, undefined, { signal }).catch(() => undefined);
  await undo();
}

async function hitProcesses(
  { action, names }: Extract<Fault, { readonly action: ProcessAction }>,
  { parts }: Stage,
): Promise<() => Promise<void>> {
  const hit = names.flatMap((name) => parts.get(name) ?? []);
  if (action === 'pause') {
    for (const part of hit) part.pause();
    return async () => {
      for (const part of hit) part.resume();
    };
  }
  await Promise.all(hit.map(async (part) => await (action === 'kill' ? part.kill() : part.stop())));
  return async () => {
    await Promise.all(hit.map(async (part) => await part.spawnAgain()));
  };
}

function hitLines(
  fault: Extract<Fault, { readonly action: LineAction }>,
  { lines }: Stage,
): () => Promise<void> {
  const { action, to, from, latencyMs } = fault;
  const hit = lines.filter((line) => line.to === to && (from === null || line.from === from));
  const condition: LineCondition =
    action === 'slow' ? { kind: 'slow', latencyMs } : { kind: action };
  for (const { proxy } of hit) proxy.setCondition(condition);
  return async () => {
    for (const { proxy } of hit) proxy.setCondition({ kind: 'open' });
  };
}
