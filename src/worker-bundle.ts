/** The code of the workflows as workers load it. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkerOptions } from '@temporalio/worker';

const INTERCEPTORS = '@temporalio/interceptors-opentelemetry/lib/workflow-interceptors';

/**
 * The prebuilt bundle; from sources, as under development, it is built when the worker starts.
 * @param isTraced with the interceptors that tell what workflows do
 */
export async function workflowSource(
  isTraced: boolean,
): Promise<Pick<WorkerOptions, 'workflowBundle'>> {
  const name = isTraced ? 'workflow-bundle-traced.js' : 'workflow-bundle.js';
  const prebuilt = fileURLToPath(new URL(`./${name}`, import.meta.url));
  if (existsSync(prebuilt)) return { workflowBundle: { codePath: prebuilt } };
  const sources = new URL(`./workflows/index${extname(import.meta.url)}`, import.meta.url);
  return { workflowBundle: await bundleWorkflows(fileURLToPath(sources), isTraced) };
}

/** Bundles the workflows of a file, as the build does. */
export async function bundleWorkflows(workflowsPath: string, isTraced: boolean) {
  const interceptors = createRequire(import.meta.url).resolve(INTERCEPTORS);
  return await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: isTraced ? [interceptors] : [],
  });
}
