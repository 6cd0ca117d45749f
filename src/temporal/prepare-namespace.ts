import { type Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { SEARCH_ATTRIBUTE_KEYS } from '../workflows/order-display.js';

/** A closed run can be looked at for this long. */
const RETENTION_SECONDS_MIN = 7 * 86_400;
const GRPC_ALREADY_EXISTS = 6;
/** Not ours to look at or to change: the cluster's administrator prepared it, or did not. */
const GRPC_FORBIDDEN = [7, 12];
/** `IndexedValueType` of Temporal's API. */
const INDEXED_VALUE_TYPES = { TEXT: 1, KEYWORD: 2, INT: 3 } as const;

/**
 * Registers what the workflows need in the namespace: the search attributes, and a retention of at least a week.
 * Repeating it changes nothing. A cluster that forbids it must have been prepared by its administrator
 * (docs/deployment.md says how): without the attributes no order can start, which the worker's log then says.
 * @throws {Error} when Temporal does not answer
 */
export async function prepareNamespace(client: Client): Promise<void> {
  await unlessForbidden(() => addSearchAttributes(client));
  await unlessForbidden(() => extendRetention(client));
}

async function unlessForbidden(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!isGrpcServiceError(error) || !GRPC_FORBIDDEN.includes(error.code)) throw error;
  }
}

async function addSearchAttributes(client: Client): Promise<void> {
  const { namespace } = client.options;
  const { connection } = client;
  if (!(connection instanceof Connection)) throw new Error('needs a connection of its own');
  const present = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(SEARCH_ATTRIBUTE_KEYS).filter(
    ({ name }) => present.customAttributes?.[name] === undefined,
  );
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(
    missing.map(({ name, type }) => [
      name,
      INDEXED_VALUE_TYPES[type as keyof typeof INDEXED_VALUE_TYPES],
    ]),
  );
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    // Another process was faster.
    if (isGrpcServiceError(error) && error.code === GRPC_ALREADY_EXISTS) return;
    throw error;
  }
}

async function extendRetention(client: Client): Promise<void> {
  const { namespace } = client.options;
  const described = await client.workflowService.describeNamespace({ namespace });
  const seconds = Number(described.config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  if (seconds === 0 || seconds >= RETENTION_SECONDS_MIN) return;
  await client.workflowService.updateNamespace({
    namespace,
    config: {
      workflowExecutionRetentionTtl: { seconds: RETENTION_SECONDS_MIN as never, nanos: 0 },
    },
  });
}
