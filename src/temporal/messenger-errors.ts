/** What can go wrong with a message to a workflow, in the words of the messenger's port. */
import { isGrpcServiceError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { DomainError } from '../domain/errors.js';
import { MessageTimeout, MessengerUnavailable } from './order-messenger.js';

/** gRPC status codes. */
const GRPC_DEADLINE_EXCEEDED = 4;
/** Not found, or in a state that forbids it: the run was just ending, or another message just started one. */
const GRPC_RUN_ENDED = [5, 9, 10];

/** A run that ended before it took the message says so; the next attempt starts a new one. */
const RUN_ENDED = 'AcceptedUpdateCompletedWorkflow';

class DeadlinePassed extends Error {}

/** The client's own deadline may be overrun while the server cannot be reached. */
export async function withinDeadline<R>(call: Promise<R>, deadlineMs: number): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlinePassed('deadline passed')), deadlineMs);
  });
  try {
    return await Promise.race([call, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

export function isRunEnded(error: unknown): boolean {
  if (error instanceof WorkflowUpdateFailedError) {
    return error.cause instanceof ApplicationFailure && error.cause.type === RUN_ENDED;
  }
  const code = grpcCode(error);
  return code !== null && GRPC_RUN_ENDED.includes(code);
}

function grpcCode(error: unknown): number | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (isGrpcServiceError(current)) return current.code;
  }
  return null;
}

/** What a failed message means to its sender. */
export function translatedError(error: unknown, isPastDeadline: boolean): Error {
  if (error instanceof WorkflowUpdateFailedError) {
    if (error.cause instanceof ApplicationFailure && error.cause.type === 'order_not_found') {
      return new DomainError('order_not_found', 'There is no order with this number.');
    }
    return error;
  }
  if (
    error instanceof DeadlinePassed ||
    isPastDeadline ||
    grpcCode(error) === GRPC_DEADLINE_EXCEEDED
  ) {
    return new MessageTimeout('the order did not answer in time');
  }
  return new MessengerUnavailable(error);
}
