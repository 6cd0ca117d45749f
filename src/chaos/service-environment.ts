import { join } from 'node:path';
import type { TrialSecrets } from '../trial/trial-secrets.js';
import type { WebhookAddress } from './webhook-receiver.js';

export const CHAOS_APP_ID = 'chaos-app';
export const CHAOS_MERCHANT_NO = 'CHAOS0001';
export const CHAOS_TERMINAL = 'TERMINAL-1';

/** Short enough that a callback which failed some times in a long fault is sent again before the run is over. */
const CALLBACK_TIME_SCALE = '0.05';

/** Where one process of the service finds the others: through lines of its own. */
export interface ProcessAddresses {
  readonly mongodbUri: string;
  readonly temporalPort: number;
  readonly gatewayPort: number;
  readonly callbackPort: number;
}

export interface SharedEnvironment {
  /** What the process inherits: where programs and the home folder are, and nothing else. */
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly secrets: TrialSecrets;
  readonly sweepInterval: string;
  /** The merchant's back end. */
  readonly webhook: WebhookAddress;
}

/** The environment of an API or a worker. */
export function serviceEnvironment(
  { env, folder, secrets, sweepInterval, webhook }: SharedEnvironment,
  addresses: ProcessAddresses,
  own: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  return {
    ...inherited(env),
    HOST: '127.0.0.1',
    MONGODB_URI: addresses.mongodbUri,
    TEMPORAL_ADDRESS: `127.0.0.1:${addresses.temporalPort}`,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_CONFIG_FILE: join(folder, 'temporal.toml'),
    CODEPAY_BASE_URL: `http://127.0.0.1:${addresses.gatewayPort}/api/entry`,
    CODEPAY_APP_ID: CHAOS_APP_ID,
    CODEPAY_MERCHANT_NO: CHAOS_MERCHANT_NO,
    CODEPAY_PRIVATE_KEY_FILE: secrets.merchant.privateKeyFile,
    CODEPAY_PUBLIC_KEY_FILE: secrets.gateway.publicKeyFile,
    CODEPAY_NOT_FOUND_CODES: 'ORDER_NOT_FOUND',
    CODEPAY_NOTIFY_URL: `http://127.0.0.1:${addresses.callbackPort}/v1/webhooks/codepay`,
    API_KEYS: `chaos:${secrets.apiKey}`,
    OPS_TOKENS: `chaos:${secrets.opsToken}`,
    VERIFY_TOKEN_SECRET: secrets.verifyTokenSecret,
    AUDIT_SIGNING_KEY_FILE: secrets.audit.privateKeyFile,
    CHECKPOINT_INTERVAL: '30s',
    SCHEDULED_CHECK_INTERVAL: sweepInterval,
    MERCHANT_WEBHOOK_URL: webhook.url,
    MERCHANT_WEBHOOK_SECRET: webhook.secret,
    MERCHANT_WEBHOOK_PRIVATE: '1',
    GATEWAY_RATE_LIMIT: '200',
    DATA_DIR: folder,
    LOG_LEVEL: 'info',
    ...own,
  };
}

/** The environment of the simulator, which keeps every change in a journal. */
export function simulatorEnvironment(
  { env, secrets }: Pick<SharedEnvironment, 'env' | 'secrets'>,
  ports: { readonly simulator: number; readonly callback: number },
  journalFile: string,
): NodeJS.ProcessEnv {
  return {
    ...inherited(env),
    SIMULATOR_PORT: String(ports.simulator),
    SIMULATOR_PRIVATE_KEY_FILE: secrets.gateway.privateKeyFile,
    SIMULATOR_MERCHANT_PUBLIC_KEY_FILE: secrets.merchant.publicKeyFile,
    SIMULATOR_CALLBACK_TIME_SCALE: CALLBACK_TIME_SCALE,
    SIMULATOR_TERMINALS: CHAOS_TERMINAL,
    SIMULATOR_JOURNAL_FILE: journalFile,
    CODEPAY_APP_ID: CHAOS_APP_ID,
    CODEPAY_MERCHANT_NO: CHAOS_MERCHANT_NO,
    CODEPAY_NOTIFY_URL: `http://127.0.0.1:${ports.callback}/v1/webhooks/codepay`,
    LOG_LEVEL: 'warn',
  };
}

/** Nothing that names a server or a key of this machine. */
function inherited(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PATH, HOME, SystemRoot, TZ, LANG } = env;
  return Object.fromEntries(
    Object.entries({ PATH, HOME, SystemRoot, TZ, LANG }).filter(([, value]) => value !== undefined),
  );
}
