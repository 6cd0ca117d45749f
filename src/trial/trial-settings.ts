import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TrialError } from './trial-error.js';

/** Ports that the trial mode opens, each by the variable that changes it. */
export interface TrialPorts {
  readonly PORT: number;
  readonly METRICS_PORT: number;
  readonly SIMULATOR_PORT: number;
  readonly MONGODB_PORT: number;
  readonly TEMPORAL_PORT: number;
  readonly TEMPORAL_UI_PORT: number;
}

export interface TrialSettings {
  readonly ports: TrialPorts;
  /** Address the HTTP servers listen on. */
  readonly host: string;
  /** Address of the API as a browser on this machine writes it. */
  readonly publicUrl: string;
  readonly dataDir: string;
  /** Parts that the environment names, and that are therefore not started here. */
  readonly given: {
    readonly temporal: boolean;
    readonly mongodb: boolean;
    readonly gateway: boolean;
  };
}

const PORT_DEFAULTS: TrialPorts = {
  PORT: 3000,
  METRICS_PORT: 9464,
  SIMULATOR_PORT: 3100,
  MONGODB_PORT: 27018,
  TEMPORAL_PORT: 7233,
  TEMPORAL_UI_PORT: 8233,
};

/** Reads `.env` of a folder into the environment, when there is one. What the shell has set stays. */
export function loadEnvFile(folder: string): void {
  const file = join(folder, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}

/** @throws {TrialError} `settings_invalid` */
export function readTrialSettings(env: NodeJS.ProcessEnv): TrialSettings {
  const ports = readPorts(env);
  return {
    ports,
    host: env.HOST || '127.0.0.1',
    publicUrl: (env.PUBLIC_URL || `http://localhost:${ports.PORT}`).replace(/\/$/, ''),
    dataDir: resolve(env.DATA_DIR || '.data'),
    given: {
      temporal: [env.TEMPORAL_ADDRESS, env.TEMPORAL_PROFILE, env.TEMPORAL_CONFIG_FILE].some(
        Boolean,
      ),
      mongodb: Boolean(env.MONGODB_URI),
      gateway: Boolean(env.CODEPAY_BASE_URL),
    },
  };
}

function readPorts(env: NodeJS.ProcessEnv): TrialPorts {
  const read = (name: keyof TrialPorts): number => {
    const text = env[name];
    if (!text) return PORT_DEFAULTS[name];
    const port = Number(text);
    if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
    throw new TrialError('settings_invalid', `${name} must be a port number from 1 to 65535.`);
  };
  return {
    PORT: read('PORT'),
    METRICS_PORT: read('METRICS_PORT'),
    SIMULATOR_PORT: read('SIMULATOR_PORT'),
    MONGODB_PORT: read('MONGODB_PORT'),
    TEMPORAL_PORT: read('TEMPORAL_PORT'),
    TEMPORAL_UI_PORT: read('TEMPORAL_UI_PORT'),
  };
}

/** Where this machine reaches a server that listens on a host. */
export function localHost(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}
