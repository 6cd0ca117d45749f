/** Puts simulated time in the place of Node's while a seed runs: Date, timers and chance. */
import type { Appointment, Timeline } from './timeline.js';

const RealDate = Date;
const real = { setTimeout, clearTimeout, random: Math.random };

let timeline: Timeline | null = null;
/** A workflow's own time, while a workflow runs: it stands still during a task, and is the same in every replay. */
let workflowMs: number | null = null;

function nowMs(): number {
  return workflowMs ?? timeline?.nowMs ?? RealDate.now();
}

class SimulatedDate extends RealDate {
  constructor(...parts: readonly unknown[]) {
    if (parts.length === 0) super(nowMs());
    else super(...(parts as [number]));
  }

  static override now(): number {
    return nowMs();
  }
}

/** @param epochMs `null` when no workflow runs */
export function setWorkflowTime(epochMs: number | null): void {
  workflowMs = epochMs;
}

/** A timer that whoever set it may clear. */
interface SimulatedTimer {
  readonly appointment: Appointment;
  ref(): SimulatedTimer;
  unref(): SimulatedTimer;
}

function simulatedTimer(appointment: Appointment): SimulatedTimer {
  const timer = { appointment, ref: () => timer, unref: () => timer };
  return timer;
}

/** @returns undoes it */
export function installClock(simulated: Timeline, random: () => number): () => void {
  timeline = simulated;
  globalThis.Date = SimulatedDate as DateConstructor;
  Math.random = random;
  globalThis.setTimeout = ((act: () => void, delayMs = 0) =>
    simulatedTimer(simulated.after(delayMs, act))) as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((timer: SimulatedTimer | undefined) => {
    if (timer?.appointment !== undefined) timer.appointment.isCanceled = true;
  }) as typeof clearTimeout;
  return () => {
    timeline = null;
    workflowMs = null;
    globalThis.Date = RealDate;
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
    Math.random = real.random;
  };
}
