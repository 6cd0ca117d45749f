/** One life of one process. What a dead process was waiting for never comes, so its code goes no further. */
export class SimulatedProcess {
  readonly name: string;
  #isAlive = true;
  /** By how much its clock is wrong. */
  readonly clockSkewMs: number;
  /** Called once, when it dies. */
  onDeath: () => void = () => {};

  constructor(name: string, clockSkewMs: number) {
    this.name = name;
    this.clockSkewMs = clockSkewMs;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  kill(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.onDeath();
  }
}

/** What a dead process waits for. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => {});
}
