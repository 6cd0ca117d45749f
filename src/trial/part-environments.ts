import { join } from 'node:path';
import type { TrialSecrets } from './trial-secrets.js';
import { localHost, type TrialSettings } from './trial-settings.js';

/** The simulator's word for an order that it never heard of. */
const SIMULATOR_NOT_FOUND_CODE = 'ORDER_NOT_FOUND';
const TRIAL_APP_ID = 'trial-app';
const TRIAL_MERCHANT_NO = 'TRIAL0001';
const DATABASE = 'payment-orders';

/** Environments of the processes of this project. */
export interface PartEnvironments {
  readonly simulator: NodeJS.ProcessEnv;
  readonly api: NodeJS.ProcessEnv;
  readonly worker: NodeJS.ProcessEnv;
}

/**
 * Puts together what each process is told. What the user has set wins, with one exception: keys of a real merchant are
 * never used against the simulator.
 */
export function partEnvironments(
  env: NodeJS.ProcessEnv,
  settings: TrialSettings,
  secrets: TrialSecrets,
): PartEnvironments {
  const { ports, given, dataDir } = settings;
  const base: NodeJS.ProcessEnv = {
    ...defined(env),
    ...unlessSet(env, {
      HOST: settings.host,
      PUBLIC_URL: settings.publicUrl,
      API_KEYS: `trial:${secrets.apiKey}`,
      OPS_TOKENS: `trial:${secrets.opsToken}`,
      VERIFY_TOKEN_SECRET: secrets.verifyTokenSecret,
      MONGODB_URI: `mongodb://127.0.0.1:${ports.MONGODB_PORT}/${DATABASE}`,
      CODEPAY_NOTIFY_URL: `${callbackHost(env, settings)}/v1/webhooks/codepay`,
    }),
    DATA_DIR: dataDir,
    PORT: String(ports.PORT),
    TRIAL_MODE: '1',
  };
  const shared = {
    ...(given.temporal
      ? base
      : { ...withoutTemporal(base), ...embeddedTemporal(settings), ...temporalUi(env, settings) }),
    ...(given.gateway ? {} : simulatorCredentials(env, settings, secrets)),
  };
  return {
    simulator: {
      ...shared,
      SIMULATOR_PORT: String(ports.SIMULATOR_PORT),
      ...unlessSet(env, { SIMULATOR_PUBLIC_URL: `http://localhost:${ports.SIMULATOR_PORT}` }),
      SIMULATOR_PRIVATE_KEY_FILE: secrets.gateway.privateKeyFile,
      SIMULATOR_MERCHANT_PUBLIC_KEY_FILE: secrets.merchant.publicKeyFile,
    },
    // The API shows its metrics on its own port in trial mode.
    api: without(shared, ['METRICS_PORT']),
    worker: {
      ...shared,
      METRICS_PORT: String(ports.METRICS_PORT),
      ...auditKey(env, secrets),
    },
  };
}

/** A key that the user has given is not replaced. */
function auditKey(env: NodeJS.ProcessEnv, { audit }: TrialSecrets): NodeJS.ProcessEnv {
  const isGiven = env.AUDIT_SIGNING_KEY || env.AUDIT_SIGNING_KEY_FILE;
  return isGiven ? {} : { AUDIT_SIGNING_KEY_FILE: audit.privateKeyFile };
}

/** The simulator runs beside the API, so it needs no public address to call it back. */
function callbackHost(env: NodeJS.ProcessEnv, { given, host, ports, publicUrl }: TrialSettings) {
  return given.gateway || env.PUBLIC_URL ? publicUrl : `http://${localHost(host)}:${ports.PORT}`;
}

function simulatorCredentials(
  env: NodeJS.ProcessEnv,
  { ports }: TrialSettings,
  secrets: TrialSecrets,
): NodeJS.ProcessEnv {
  return {
    CODEPAY_BASE_URL: `http://127.0.0.1:${ports.SIMULATOR_PORT}/api/entry`,
    CODEPAY_PRIVATE_KEY: '',
    CODEPAY_PUBLIC_KEY: '',
    CODEPAY_PRIVATE_KEY_FILE: secrets.merchant.privateKeyFile,
    CODEPAY_PUBLIC_KEY_FILE: secrets.gateway.publicKeyFile,
    ...unlessSet(env, {
      CODEPAY_APP_ID: TRIAL_APP_ID,
      CODEPAY_MERCHANT_NO: TRIAL_MERCHANT_NO,
      CODEPAY_NOT_FOUND_CODES: SIMULATOR_NOT_FOUND_CODE,
    }),
  };
}

/** A profile on this machine may name a server, a key or certificates of another Temporal. */
function embeddedTemporal({ ports, dataDir }: TrialSettings): NodeJS.ProcessEnv {
  return {
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.TEMPORAL_PORT}`,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_CONFIG_FILE: join(dataDir, 'temporal.toml'),
  };
}

function temporalUi(env: NodeJS.ProcessEnv, { ports }: TrialSettings): NodeJS.ProcessEnv {
  return unlessSet(env, { TEMPORAL_UI_URL: `http://localhost:${ports.TEMPORAL_UI_PORT}` });
}

/** What our own processes read under this beginning; everything else of it leads to a server. */
const OWN_TEMPORAL_NAMES = [
  'TEMPORAL_TASK_QUEUE',
  'TEMPORAL_METRICS_PORT',
  'TEMPORAL_PAYLOAD_KEYS',
];

function withoutTemporal(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = Object.keys(env).filter(
    (name) => name.startsWith('TEMPORAL_') && !OWN_TEMPORAL_NAMES.includes(name),
  );
  return without(env, names);
}

function without(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}

function unlessSet(env: NodeJS.ProcessEnv, values: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !env[name]));
}

function defined(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}
