/** One Temporal, one MongoDB and one test server program for a whole run, whichever projects take part in it. */
import type { TestProject } from 'vitest/node';
import { prepareTestServer } from '../../src/trial/test-server-component.js';
import {
  type PrivateComponent,
  startMongoDb,
  startTemporal,
  testComponentSetup,
} from './components.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** `host:port` of a Temporal server that has the contract's search attributes. */
    temporalAddress: string;
    /** Connection string; name a database of your own by `dbName`. */
    mongodbUri: string;
    /** Program for `TestWorkflowEnvironment.createTimeSkipping`. */
    testServerPath: string;
  }
}

interface RunComponents {
  readonly temporalAddress: string;
  readonly mongodbUri: string;
  readonly testServerPath: string;
  readonly dispose: () => Promise<void>;
}

/** The runner loads this file anew for each project, but in one process; so what they share is kept on the global object. */
const shared = globalThis as unknown as {
  paymentOrdersRun?: { components: Promise<RunComponents>; users: number };
};

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.paymentOrdersRun ??= { components: startComponents(), users: 0 };
  const run = shared.paymentOrdersRun;
  run.users += 1;
  const components = await run.components;
  project.provide('temporalAddress', components.temporalAddress);
  project.provide('mongodbUri', components.mongodbUri);
  project.provide('testServerPath', components.testServerPath);
  return async () => {
    run.users -= 1;
    if (run.users > 0) return;
    delete shared.paymentOrdersRun;
    await components.dispose();
  };
}

async function startComponents(): Promise<RunComponents> {
  const { TEMPORAL_ADDRESS, MONGODB_URI } = process.env;
  const testServerPath = await prepareTestServer(testComponentSetup());
  const started: PrivateComponent[] = [];
  const address = async (given: string | undefined, start: () => Promise<PrivateComponent>) => {
    if (given) return given;
    const component = await start();
    started.push(component);
    return component.address;
  };
  const dispose = async () => {
    for (const component of started) await component.dispose();
  };
  try {
    const [temporalAddress, mongodbUri] = await Promise.all([
      address(TEMPORAL_ADDRESS, startTemporal),
      address(MONGODB_URI, startMongoDb),
    ]);
    return { temporalAddress, mongodbUri, testServerPath, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
