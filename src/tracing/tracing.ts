import type { ClientInterceptors } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';
import type { RequestHandler } from 'express';

/** What a traced process puts in where requests come in and calls go out. */
export interface Tracing {
  /** Of what runs now; `null` outside of any trace. */
  readonly traceId: () => string | null;
  /** Begins a trace for a request, or goes on with the caller's. */
  readonly traceRequests: RequestHandler;
  readonly clientInterceptors: ClientInterceptors;
  /** For the workflow bundle that has the interceptors of workflows in it, and no other. */
  readonly workerOptions: Pick<WorkerOptions, 'interceptors' | 'sinks'>;
  /** For calls to the gateway. Nothing of a trace is sent along: it leaves the house. */
  readonly fetch: typeof fetch;
  /** Sends what is left; never throws. @param deadlineMs the process does not wait longer for the collector */
  stop(deadlineMs: number): Promise<void>;
}
