/** Real clients of MongoDB and Temporal whose servers are away (nobody listens) or silent (nobody answers). */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { inject } from 'vitest';
import { closeConnection, openConnection } from '../../src/store/connection.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { TemporalOrderMessenger } from '../../src/temporal/temporal-order-messenger.js';
import { eventually } from '../support/eventually.js';
import { startPausableProxy } from './pausable-proxy.js';

export interface Ports {
  readonly stores: Stores;
  readonly messenger: TemporalOrderMessenger;
}

export interface Outages {
  readonly away: Ports;
  readonly silent: Ports;
  close(): Promise<void>;
}

export async function outages(): Promise<Outages> {
  const closers: (() => Promise<unknown>)[] = [];
  const storesAt = (uri: string): Stores => {
    const connection = openConnection(uri, 'test');
    closers.push(() => closeConnection(connection));
    return createStores(connection);
  };

  const nobody = await listening();
  const closedPort = portOf(nobody);
  await closed(nobody);

  const target = new URL(inject('mongodbUri'));
  const proxy = await startPausableProxy({ host: target.hostname, port: Number(target.port) });
  closers.push(proxy.close);
  target.host = `127.0.0.1:${proxy.port}`;
  target.pathname = `/test_${randomUUID().replaceAll('-', '')}`;
  // Members of a replica set would be looked up and reached without the proxy.
  target.searchParams.set('directConnection', 'true');
  const silentStores = storesAt(target.href);
  await eventually('connected through the proxy', async () => {
    await silentStores.orders.find('none');
    return true;
  });
  proxy.pause();

  const mute = await listening();
  closers.push(() => closed(mute));
  return {
    away: {
      stores: storesAt(`mongodb://127.0.0.1:${closedPort}/away`),
      messenger: messengerAt(closedPort),
    },
    silent: { stores: silentStores, messenger: messengerAt(portOf(mute)) },
    close: async () => {
      for (const close of closers.reverse()) await close();
    },
  };
}

/** Its connection is left to the end of the process: closed while a call waits to be tried again, it throws. */
function messengerAt(port: number): TemporalOrderMessenger {
  const connection = Connection.lazy({ address: `127.0.0.1:${port}` });
  return new TemporalOrderMessenger(new Client({ connection }), 'nobody');
}

/** Accepts connections and never says a word. */
async function listening(): Promise<Server> {
  const server = createServer((socket) => socket.unref()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
  server.close();
  server.unref();
}
