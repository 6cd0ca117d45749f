/** Process entry of `npm run bench`: the service and bare baselines, in turns, in one run on one machine. */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { Command } from 'commander';
import { openEngine } from './engine-case.js';
import { bareRound, serviceRound } from './http-cases.js';
import { compared, type Measured } from './report.js';
import { openStage, type Stage } from './stage.js';

interface Options {
  readonly orders: string;
  readonly rounds: string;
  readonly json?: string;
}

const { orders, rounds, json } = new Command('npm run bench --')
  .description(
    'Measures the service beside bare baselines. The first round warms up and is not counted.',
  )
  .option('--orders <count>', 'orders in each round', '300')
  .option('--rounds <count>', 'counted rounds', '3')
  .option('--json <file>', 'also writes the figures there')
  .parse()
  .opts<Options>();

const stage = await openStage(process.env);
try {
  const measured = await measure(stage, Number(orders), Number(rounds));
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    date: new Date().toISOString(),
    orders: Number(orders),
    rounds: Number(rounds),
  };
  const report = compared(measured);
  process.stdout.write(
    `\n${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}; ${orders} orders a round, medians of ${rounds} rounds\n\n${report}\n`,
  );
  if (json !== undefined) writeFileSync(json, JSON.stringify({ machine, measured }, null, 2));
} finally {
  await stage.close();
}
process.exit(0);

/** Baseline and service in turns, so that whatever slows the machine down slows both. */
async function measure(on: Stage, count: number, roundCount: number): Promise<readonly Measured[]> {
  const bareUrl = `http://127.0.0.1:${await on.run('./bare-server.js', on.mongodbUri, on.gatewayPublicKeyFile)}`;
  const engine = await openEngine(on);
  const measured: Measured[] = [];
  for (let round = 0; round <= roundCount; round += 1) {
    process.stderr.write(round === 0 ? 'warming up\n' : `round ${round} of ${roundCount}\n`);
    const bare = await bareRound(on, bareUrl, count);
    const engineRunsPerSecond = await engine.round(count);
    const service = await serviceRound(on, count);
    if (round > 0) measured.push({ bare, engineRunsPerSecond, service });
  }
  await engine.close();
  return measured;
}
