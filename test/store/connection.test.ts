/** What the processes ask of MongoDB, with each command that they send. */
import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { closeConnection, connectionTried, openConnection } from '../../src/store/connection.js';
import { createStores } from '../../src/store/stores.js';

const opened: Connection[] = [];
let uri: URL;

beforeAll(() => {
  uri = new URL(inject('mongodbUri'));
  uri.pathname = `/test_${randomUUID().replaceAll('-', '')}`;
  // The driver tells of its commands only when it is asked to.
  uri.searchParams.set('monitorCommands', 'true');
});
afterAll(async () => {
  await opened[0]?.dropDatabase();
  for (const connection of opened) await closeConnection(connection);
});

/** The commands that one read and one write of an order's stores become. */
async function commandsOf(...parameters: ['local' | 'majority'] | []) {
  const connection = openConnection(uri.href, 'test', ...parameters);
  opened.push(connection);
  await connectionTried(connection);
  const commands = new Map<string, Readonly<Record<string, unknown>>>();
  connection.getClient().on('commandStarted', ({ commandName, command }) => {
    commands.set(commandName, command);
  });
  const { orders, anomalies } = createStores(connection);
  expect(await orders.find('nobody')).toBeNull();
  await anomalies.heal('nobody', ['drift'], new Date().toISOString());
  return { read: commands.get('find'), write: commands.get('update') };
}

it('when a process tells others what it reads, then it reads only what no new primary takes back', async () => {
  const { read } = await commandsOf('majority');
  expect(read).toMatchObject({ readConcern: { level: 'majority' } });
});

it('when a process decides, then it also sees what it may collide with', async () => {
  const { read } = await commandsOf();
  expect(read).toMatchObject({ readConcern: { level: 'local' } });
});

it('when anything is written, then it counts once a majority has it in its journals', async () => {
  const { write } = await commandsOf();
  expect(write).toMatchObject({ writeConcern: { w: 'majority', j: true } });
});
