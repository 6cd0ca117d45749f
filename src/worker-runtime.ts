import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createOrderActivities, type OrderActivityDependencies } from './activities/activities.js';
import {
  createGatewayActivities,
  type GatewayActivityDependencies,
} from './activities/gateway.activities.js';
import type { WorkerBuild } from './config/worker-build.js';
import { gatewayTaskQueue } from './temporal/task-queues.js';

/** Running activities get this long to end when the process is asked to stop. */
const SHUTDOWN_GRACE_TIME = '8 seconds';

/** An order's run is small; this many stay in memory, others are replayed when they wake. */
const CACHED_WORKFLOWS_MAX = 2_000;

export interface WorkerRuntimeOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  /** The same as the clients': what the one encrypts the other has to decrypt. */
  readonly dataConverter?: WorkerOptions['dataConverter'];
  /** The prebuilt bundle, or the file it would be built from. */
  readonly workflows: Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'>;
  /** With traces, the bundle has to hold the interceptors of workflows. */
  readonly tracing?: Pick<WorkerOptions, 'interceptors' | 'sinks'>;
  /** Runs of orders stay on the build they began on; `null`: any worker takes any run. */
  readonly build: WorkerBuild | null;
  readonly gatewayCallsPerSecond: number;
  readonly dependencies: OrderActivityDependencies & GatewayActivityDependencies;
}

/** Both workers of a worker process: order workflows with their records, and calls to the gateway. */
export class WorkerRuntime {
  readonly #workers: readonly Worker[];

  private constructor(workers: readonly Worker[]) {
    this.#workers = workers;
  }

  static async create(options: WorkerRuntimeOptions): Promise<WorkerRuntime> {
    const { connection, namespace, dependencies } = options;
    const common = {
      connection,
      namespace,
      shutdownGraceTime: SHUTDOWN_GRACE_TIME,
      ...(options.dataConverter && { dataConverter: options.dataConverter }),
      ...options.tracing,
    };
    const orders = await Worker.create({
      ...common,
      ...options.workflows,
      ...versioning(options.build),
      taskQueue: options.taskQueue,
      activities: createOrderActivities(dependencies),
      maxCachedWorkflows: CACHED_WORKFLOWS_MAX,
      // How long the runs of a worker that died wait for it before another takes them over.
      stickyQueueScheduleToStartTimeout: '4 seconds',
    });
    // Never versioned: what a call says is the same for all builds, and the rate is counted by queue and version.
    const gateway = await Worker.create({
      ...common,
      taskQueue: gatewayTaskQueue(options.taskQueue),
      activities: createGatewayActivities(dependencies),
      // Counted by the server over all workers of the queue.
      maxTaskQueueActivitiesPerSecond: options.gatewayCallsPerSecond,
    });
    return new WorkerRuntime([orders, gateway]);
  }

  /** Runs until {@link shutdown} or until a worker fails; then all of them stop. */
  async run(): Promise<void> {
    const runs = this.#workers.map((worker) => worker.run());
    try {
      await Promise.race(runs);
    } finally {
      this.shutdown();
      await Promise.allSettled(runs);
    }
    await Promise.all(runs);
  }

  /** Takes no more work; what runs ends first. */
  shutdown(): void {
    for (const worker of this.#workers) {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    }
  }

  get isRunning(): boolean {
    return this.#workers.every((worker) => worker.getState() === 'RUNNING');
  }
}

/** Orders are pinned; src/workflows/index.ts names the workflows that are not. */
function versioning(build: WorkerBuild | null): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (build === null) return {};
  return {
    workerDeploymentOptions: {
      version: build,
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  };
}
