/** The builds of workers that Temporal knows, which of them new runs go to, and which may be stopped. */
import { type Client, isGrpcServiceError } from '@temporalio/client';

const GRPC_NOT_FOUND = 5;

/** `WorkerDeploymentVersionStatus` of Temporal's API, by number. */
const STATUSES = [
  'unknown',
  'inactive',
  'current',
  'ramping',
  'draining',
  'drained',
  'created',
] as const;

export interface BuildStatus {
  readonly buildId: string;
  /**
   * `current` takes new runs; `draining` had them and still has open ones; `inactive` and `created` never had any. Temporal looks for
   * `drained` only every few minutes: {@link openRuns} is sooner.
   */
  readonly status: (typeof STATUSES)[number];
  /** Open runs that only this build's workers take. A run that has just begun is counted a moment later. */
  readonly openRuns: number;
}

/**
 * New runs go to the build from now on; open runs stay where they are.
 * @throws {Error} when no worker of the build has polled yet, or when it lacks a queue of the build before
 */
export async function makeCurrent(
  client: Client,
  build: { readonly deploymentName: string; readonly buildId: string },
): Promise<void> {
  const { namespace, identity } = client.options;
  await client.workflowService.setWorkerDeploymentCurrentVersion({
    namespace,
    identity,
    ...build,
  });
}

/** @returns no builds for a name that no worker has used yet */
export async function buildStatuses(
  client: Client,
  deploymentName: string,
): Promise<readonly BuildStatus[]> {
  const { namespace } = client.options;
  const described = await unlessMissing(
    client.workflowService.describeWorkerDeployment({ namespace, deploymentName }),
  );
  const statuses: BuildStatus[] = [];
  for (const summary of described?.workerDeploymentInfo?.versionSummaries ?? []) {
    const buildId = summary.deploymentVersion?.buildId ?? '';
    const version = `${deploymentName}:${buildId}`;
    const query = `TemporalWorkerDeploymentVersion = "${version}" AND TemporalWorkflowVersioningBehavior = "Pinned" AND ExecutionStatus = "Running"`;
    const { count } = await client.workflow.count(query);
    statuses.push({ buildId, status: STATUSES[summary.status ?? 0] ?? 'unknown', openRuns: count });
  }
  return statuses;
}

async function unlessMissing<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === GRPC_NOT_FOUND) return null;
    throw error;
  }
}
