import { TrialError } from './trial-error.js';

/** Thrown by a rung that cannot serve; the message says why in a few words. */
export class PassedOver extends Error {
  override readonly name = 'PassedOver';
}

/** One way of getting a component. Fails fast. */
export interface Rung<T> {
  readonly name: string;
  /** @throws {PassedOver} when this way is closed here */
  attempt(): Promise<T>;
}

export interface Ladder<T> {
  /** The component's name as a person says it. */
  readonly component: string;
  /** What a person can do when no way is open, beginning with a verb. */
  readonly advice: string;
  readonly rungs: readonly Rung<T>[];
}

/**
 * Tries the ways in their order and takes the first that serves. Each one passed over is noted in a line.
 * @throws {TrialError} `component_unavailable` when none serves
 */
export async function climb<T>(ladder: Ladder<T>, note: (line: string) => void): Promise<T> {
  const reasons: string[] = [];
  for (const rung of ladder.rungs) {
    try {
      return await rung.attempt();
    } catch (error) {
      if (!(error instanceof PassedOver)) throw error;
      reasons.push(error.message);
      note(`${ladder.component}, ${rung.name}: ${error.message}`);
    }
  }
  throw new TrialError(
    'component_unavailable',
    `${ladder.component} cannot be had here (${reasons.join('; ')}): ${ladder.advice}`,
  );
}
