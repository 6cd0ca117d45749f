/** Process entry of `npm run audit:export`: all orders with their audit and all checkpoints, as JSON lines. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Command } from 'commander';
import { runCommand, withDatabase } from './command-line.js';
import { databaseSource } from './database-source.js';
import { writeExport } from './export-file.js';

/** Orders name payment addresses and what merchants wrote into them. */
const FILE_MODE = 0o600;

async function main(): Promise<number> {
  const command = new Command('audit:export')
    .exitOverride()
    .description('Writes all orders with their audit and all checkpoints, for audit:verify.')
    .requiredOption('--out <file>', 'where to; it appears when it is whole')
    .parse();
  const { out } = command.opts<{ out: string }>();
  const orders = await withDatabase(process.env.MONGODB_URI, async (connection) => {
    const output = createWriteStream(`${out}.part`, { mode: FILE_MODE });
    await once(output, 'open');
    const count = await writeExport(databaseSource(connection), output, new Date().toISOString());
    output.end();
    await once(output, 'close');
    await rename(`${out}.part`, out);
    return count;
  });
  process.stdout.write(`${orders} orders in ${out}\n`);
  return 0;
}

runCommand(main);
