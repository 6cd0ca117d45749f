import type { Variables } from './variables.js';

/** What a worker's code is called: its deployment, and its build within it. */
export interface WorkerBuild {
  readonly deploymentName: string;
  readonly buildId: string;
}

/** Adds what is wrong to the problems. @returns `null` when workers are not versioned, or when something is wrong */
export function readWorkerBuild(values: Variables, problems: string[]): WorkerBuild | null {
  const { WORKER_DEPLOYMENT_NAME: deploymentName, WORKER_BUILD_ID: buildId } = values;
  if (deploymentName !== undefined && buildId !== undefined) return { deploymentName, buildId };
  // One that was given and is wrong is told already.
  if (deploymentName !== undefined && 'WORKER_BUILD_ID' in values) {
    problems.push('WORKER_BUILD_ID is missing: WORKER_DEPLOYMENT_NAME needs it');
  }
  if (buildId !== undefined && 'WORKER_DEPLOYMENT_NAME' in values) {
    problems.push('WORKER_DEPLOYMENT_NAME is missing: WORKER_BUILD_ID needs it');
  }
  return null;
}
