import { spawn } from 'node:child_process';
import type { FaultyPart } from './chaos-part.js';

/** A MongoDB that is not ours, which a program ends and starts: it is called with `kill` or `start`. */
export class GivenMongoDb implements FaultyPart {
  readonly name = 'mongodb';
  readonly canPause = false;

  constructor(
    private readonly program: string,
    private readonly options: {
      readonly env: NodeJS.ProcessEnv;
      readonly probe: () => Promise<boolean>;
    },
  ) {}

  async start(): Promise<void> {
    await this.#run('start');
  }

  async spawnAgain(): Promise<void> {
    await this.#run('start');
  }

  async isReady(): Promise<boolean> {
    return await this.options.probe();
  }

  async kill(): Promise<void> {
    await this.#run('kill');
  }

  pause(): void {}

  resume(): void {}

  /** The run ends; whoever gave it decides what becomes of it. */
  async stop(): Promise<void> {}

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
