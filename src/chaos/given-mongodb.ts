import { spawn } from 'node:child_process';
import type { FaultyPart } from './chaos-part.js';

/** A MongoDB that is not ours, which a program ends and starts: it is called with `kill` or `start`. */
export class GivenMongoDb implements FaultyPart {
  readonly name = 'mongodb';
  readonly isOurs = false;

  #starting: Promise<void> = Promise.resolve();
  #isEnded = false;

  constructor(
    private readonly program: string,
    private readonly options: {
      readonly env: NodeJS.ProcessEnv;
      readonly probe: () => Promise<boolean>;
      /** Told what a person should know. */
      readonly say: (line: string) => void;
    },
  ) {}

  async start(): Promise<void> {
    await this.#run('start');
    this.#isEnded = false;
  }

  /** How long it takes to answer belongs to the time to recover: it is not waited for. */
  async spawnAgain(): Promise<void> {
    this.#starting = this.start().catch((error: unknown) =>
      this.options.say(error instanceof Error ? error.message : String(error)),
    );
  }

  async isReady(): Promise<boolean> {
    return await this.options.probe();
  }

  async kill(): Promise<void> {
    await this.#starting;
    this.#isEnded = true;
    await this.#run('kill');
  }

  pause(): void {}

  resume(): void {}

  /** At the end of the run it is left as it was found: running. */
  async stop(): Promise<void> {
    await this.#starting;
    if (this.#isEnded) await this.start();
  }

  /** @throws {Error} when the program fails */
  async #run(verb: 'kill' | 'start'): Promise<void> {
    const child = spawn(this.program, [verb], { env: this.options.env, stdio: 'ignore' });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    if (code !== 0) throw new Error(`${this.program} ${verb} ended with code ${code}`);
  }
}
