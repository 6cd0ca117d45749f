/** The workflows of today with a change that breaks the replay of runs that have begun. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker';

const source = fileURLToPath(new URL('../../src/', import.meta.url));
/** Inside the project, so that the copy finds its libraries. */
const folder = fileURLToPath(new URL(`../../.data/next-build-${process.pid}/`, import.meta.url));

/** What workflows load; of the rest they need types alone. */
const PARTS = ['domain', 'workflows', 'temporal/task-queues.ts'];

/** One timer before everything else: the first step of every run that began before it is another one. */
const CHANGE = { before: '  await run.load();', after: '  await sleep(1);\n  await run.load();' };

/** @throws {Error} when the place that is changed is not there any more */
export async function bundleNextBuild(): Promise<WorkflowBundle> {
  try {
    await mkdir(join(folder, 'temporal'), { recursive: true });
    for (const part of PARTS) {
      await cp(join(source, part), join(folder, part), { recursive: true });
    }
    const file = join(folder, 'workflows/order-payment.workflow.ts');
    const code = await readFile(file, 'utf8');
    if (!code.includes(CHANGE.before)) throw new Error('the next build would be the same');
    const changed = code.replace(CHANGE.before, CHANGE.after);
    await writeFile(file, changed.replace('  setHandler,', '  setHandler,\n  sleep,'));
    return await bundleWorkflowCode({
      workflowsPath: join(folder, 'workflows/index.ts'),
      logger: new DefaultLogger('ERROR', () => {}),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
