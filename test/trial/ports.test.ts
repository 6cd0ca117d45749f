import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../src/chaos/addresses.js';
import { plannedPorts, requireFreePorts } from '../../src/trial/ports.js';
import { readTrialSettings } from '../../src/trial/trial-settings.js';

const VARIABLES = [
  'PORT',
  'METRICS_PORT',
  'SIMULATOR_PORT',
  'MONGODB_PORT',
  'TEMPORAL_PORT',
  'TEMPORAL_UI_PORT',
] as const;

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listenOn(host: string): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function freeSettings(changes: NodeJS.ProcessEnv = {}) {
  const env: NodeJS.ProcessEnv = {};
  for (const name of VARIABLES) env[name] = String(await freePort());
  return readTrialSettings({ ...env, ...changes });
}

describe('requireFreePorts', () => {
  it('when all ports are free, then nothing is said', async () => {
    await expect(requireFreePorts(plannedPorts(await freeSettings()))).resolves.toBeUndefined();
  });

  it.each(['127.0.0.1', '0.0.0.0'])(
    'when somebody listens on %s, then one line names port, variable and what it may be',
    async (host) => {
      const port = await listenOn(host);
      const settings = await freeSettings({ TEMPORAL_PORT: String(port) });
      await expect(requireFreePorts(plannedPorts(settings))).rejects.toMatchObject({
        code: 'port_in_use',
        message: `Port ${port}, meant for Temporal, is in use: set TEMPORAL_PORT to another one, or set TEMPORAL_ADDRESS=127.0.0.1:${port} to use the server that is already there.`,
      });
    },
  );

  it('when several ports are taken, then each has its line', async () => {
    const settings = await freeSettings({
      PORT: String(await listenOn('127.0.0.1')),
      MONGODB_PORT: String(await listenOn('127.0.0.1')),
    });
    const error = await requireFreePorts(plannedPorts(settings)).catch((reason: unknown) => reason);
    expect(String((error as Error).message).split('\n')).toEqual([
      expect.stringContaining('set PORT to another one.'),
      expect.stringContaining('set MONGODB_PORT to another one, or set MONGODB_URI='),
    ]);
  });

  it('when two parts would share a port, then both variables are named', async () => {
    const port = String(await freePort());
    const settings = await freeSettings({ PORT: port, SIMULATOR_PORT: port });
    await expect(requireFreePorts(plannedPorts(settings))).rejects.toMatchObject({
      code: 'settings_invalid',
      message: `PORT and SIMULATOR_PORT are both ${port}.`,
    });
  });
});

describe('plannedPorts', () => {
  it('when components are given, then their ports are not needed', () => {
    const settings = readTrialSettings({
      TEMPORAL_ADDRESS: 'temporal:7233',
      MONGODB_URI: 'mongodb://mongodb',
      CODEPAY_BASE_URL: 'https://gateway.test/api/entry',
    });
    expect(plannedPorts(settings).map(({ variable }) => variable)).toEqual([
      'PORT',
      'METRICS_PORT',
    ]);
  });
});

describe('readTrialSettings', () => {
  it.each(['0', '65536', 'x', '80.5'])('when a port is %s, then it is refused by name', (text) => {
    expect(() => readTrialSettings({ PORT: text })).toThrow('PORT must be a port number');
  });
});
