import { Client, type ClientInterceptors, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { dataConverterOf } from './data-converter.js';
import type { PayloadKey } from './payload-codec.js';

const NAMESPACE_DEFAULT = 'default';

/** Where Temporal is and how to get in, from the variables and profile files of @temporalio/envconfig. */
export function temporalConnectConfig() {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  return { connectionOptions, namespace: namespace ?? NAMESPACE_DEFAULT };
}

/** A client that connects with its first call, and again whenever it has to. */
export function createTemporalClient(
  { payloadKeys }: { readonly payloadKeys: readonly PayloadKey[] },
  interceptors: ClientInterceptors = {},
): Client {
  const { connectionOptions, namespace } = temporalConnectConfig();
  const connection = Connection.lazy(connectionOptions);
  const dataConverter = dataConverterOf(payloadKeys);
  return new Client({ connection, namespace, interceptors, dataConverter });
}
