/** Process entry of `npm run deployment`: which builds of the worker there are, and which one takes new orders. */
import { Command } from 'commander';
import { runCommand, UsageError } from '../audit/command-line.js';
import { createTemporalClient } from '../temporal/connection.js';
import { type BuildStatus, buildStatuses, makeCurrent } from '../temporal/worker-deployments.js';

function deploymentName(): string {
  const { WORKER_DEPLOYMENT_NAME: name } = process.env;
  if (!name) throw new UsageError('WORKER_DEPLOYMENT_NAME is missing: the name that workers have');
  return name;
}

function statusText(statuses: readonly BuildStatus[]): string {
  if (statuses.length === 0) return 'no worker has used this deployment name yet\n';
  const lines = statuses.map(({ buildId, status, openRuns }) => {
    const isLeft = status !== 'current' && status !== 'ramping' && openRuns === 0;
    return `${buildId}  ${status}  ${openRuns} open orders${isLeft ? ', its workers may be stopped' : ''}`;
  });
  return `${lines.join('\n')}\n`;
}

async function main(): Promise<number> {
  // Builds are asked about and set: no payload is read.
  const client = createTemporalClient({ payloadKeys: [] });
  const program = new Command('deployment')
    .exitOverride()
    .description(
      'Builds of the worker under WORKER_DEPLOYMENT_NAME, where Temporal is told by TEMPORAL_ADDRESS.',
    );
  program
    .command('status')
    .description('lists the builds, which one takes new orders, and which may be stopped')
    .action(async () => {
      process.stdout.write(statusText(await buildStatuses(client, deploymentName())));
    });
  program
    .command('current <build-id>')
    .description('sends new orders to this build; open ones stay where they are')
    .action(async (buildId: string) => {
      await makeCurrent(client, { deploymentName: deploymentName(), buildId });
      process.stdout.write(statusText(await buildStatuses(client, deploymentName())));
    });
  try {
    await program.parseAsync();
  } finally {
    await client.connection.close();
  }
  return 0;
}

runCommand(main);
