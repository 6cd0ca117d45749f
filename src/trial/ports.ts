/** Looks at every port before anything is started, so that nothing has to be undone. */
import { connect, createServer } from 'node:net';
import { TrialError } from './trial-error.js';
import type { TrialPorts, TrialSettings } from './trial-settings.js';
import { localHost } from './trial-settings.js';

const CONNECT_TIMEOUT_MS = 1_000;

interface PlannedPort {
  readonly variable: keyof TrialPorts;
  readonly part: string;
  readonly port: number;
  readonly host: string;
  /** What else may be done, when the one that listens there may be of use. */
  readonly instead?: string;
}

/** The ports that these settings will open. */
export function plannedPorts({ ports, host, given }: TrialSettings): PlannedPort[] {
  const loopback = '127.0.0.1';
  const temporal = `127.0.0.1:${ports.TEMPORAL_PORT}`;
  const mongodb = `mongodb://127.0.0.1:${ports.MONGODB_PORT}/payment-orders`;
  return [
    { variable: 'PORT', part: 'the API', port: ports.PORT, host },
    { variable: 'METRICS_PORT', part: "the worker's health page", port: ports.METRICS_PORT, host },
    ...(given.gateway
      ? []
      : [
          {
            variable: 'SIMULATOR_PORT',
            part: 'the simulator',
            port: ports.SIMULATOR_PORT,
            host: loopback,
          } as const,
        ]),
    ...(given.mongodb
      ? []
      : [
          {
            variable: 'MONGODB_PORT',
            part: 'MongoDB',
            port: ports.MONGODB_PORT,
            host: loopback,
            instead: `set MONGODB_URI=${mongodb} if that is a MongoDB to be used`,
          } as const,
        ]),
    ...(given.temporal
      ? []
      : [
          {
            variable: 'TEMPORAL_PORT',
            part: 'Temporal',
            port: ports.TEMPORAL_PORT,
            host: loopback,
            instead: `set TEMPORAL_ADDRESS=${temporal} to use the server that is already there`,
          } as const,
          {
            variable: 'TEMPORAL_UI_PORT',
            part: 'the Temporal Web UI',
            port: ports.TEMPORAL_UI_PORT,
            host: loopback,
          } as const,
        ]),
  ];
}

/**
 * @throws {TrialError} `port_in_use` with one line for each port that is taken; `settings_invalid` when two parts would
 *   share one
 */
export async function requireFreePorts(planned: readonly PlannedPort[]): Promise<void> {
  for (const [index, { variable, port }] of planned.entries()) {
    const other = planned.slice(0, index).find((earlier) => earlier.port === port);
    if (other !== undefined) {
      throw new TrialError(
        'settings_invalid',
        `${other.variable} and ${variable} are both ${port}.`,
      );
    }
  }
  const taken = await Promise.all(planned.map(async (plan) => await isTaken(plan)));
  const lines = planned
    .filter((_plan, index) => taken[index])
    .map(
      ({ variable, port, part, instead }) =>
        `Port ${port}, meant for ${part}, is in use: set ${variable} to another one${
          instead === undefined ? '' : `, or ${instead}`
        }.`,
    );
  if (lines.length > 0) throw new TrialError('port_in_use', lines.join('\n'));
}

/** Both ways, since on some systems a port can be listened on beside a listener on all addresses. */
async function isTaken({ port, host }: PlannedPort): Promise<boolean> {
  return (await isAnswered(localHost(host), port)) || !(await canListen(host, port));
}

async function isAnswered(host: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

async function canListen(host: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port }, () => server.close(() => resolve(true)));
  });
}
