/** Temporal and MongoDB without a line in between. */
import { Client, Connection as TemporalConnection } from '@temporalio/client';
import type { Connection } from 'mongoose';

/** Works with a client, and closes its connection afterwards. @throws when Temporal does not answer */
export async function withTemporal<T>(
  address: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const connection = await TemporalConnection.connect({ address });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

/** What they say that they are. @throws when one does not answer */
export async function serverVersions(
  temporalAddress: string,
  connection: Connection,
): Promise<Readonly<Record<string, string>>> {
  const temporal = await withTemporal(temporalAddress, async (client) => {
    return (await client.workflowService.getSystemInfo({})).serverVersion ?? '';
  });
  const mongodb = await connection.db?.admin().buildInfo();
  const kind = mongodb?.ferretdb === undefined ? '' : ` (FerretDB ${mongodb.ferretdb.version})`;
  return { temporal, mongodb: `${mongodb?.version ?? ''}${kind}` };
}
