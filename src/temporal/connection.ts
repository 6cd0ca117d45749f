import { Client, type ClientInterceptors, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

const NAMESPACE_DEFAULT = 'default';

/** Where Temporal is and how to get in, from the variables and profile files of @temporalio/envconfig. */
export function temporalConnectConfig() {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  return { connectionOptions, namespace: namespace ?? NAMESPACE_DEFAULT };
}

/** A client that connects with its first call, and again whenever it has to. */
export function createTemporalClient(interceptors: ClientInterceptors = {}): Client {
  const { connectionOptions, namespace } = temporalConnectConfig();
  return new Client({ connection: Connection.lazy(connectionOptions), namespace, interceptors });
}
