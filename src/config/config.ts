import type { KeyObject } from 'node:crypto';
import type { CheckStrategy, OrderPolicy } from '../domain/order.js';
import { parsePrivateKey, parsePublicKeys } from '../gateway/codepay/codepay-keys.js';
import { type Alerting, readAlerting } from './alerting.js';
import { parseAuditSigningKey } from './audit-keys.js';
import { checkKeysDiffer, type NamedCredential } from './credentials.js';
import { type MerchantWebhook, readMerchantWebhook } from './merchant-webhook.js';
import { readKey } from './read-key.js';
import { Secret } from './secret.js';
import { VARIABLES, type Variables } from './variables.js';
import { readWorkerBuild, type WorkerBuild } from './worker-build.js';

/** Everything the processes are told, parsed once, frozen. Nothing else reads the environment. */
export interface Config {
  readonly http: {
    readonly port: number;
    readonly host: string;
    readonly publicUrl: string;
    readonly metricsPort: number | null;
    readonly corsOrigins: readonly string[];
    readonly trustProxy: string | null;
  };
  readonly mongodbUri: Secret<string>;
  readonly taskQueue: string;
  /** None: payloads are plain. */
  readonly payloadKeys: readonly { readonly id: string; readonly key: Secret<Buffer> }[];
  /** Absent: any worker takes any run. */
  readonly workerBuild: WorkerBuild | null;
  readonly codepay: {
    readonly baseUrl: string;
    readonly appId: string;
    readonly merchantNo: string;
    readonly privateKey: Secret<KeyObject>;
    readonly publicKeys: readonly KeyObject[];
    readonly notifyUrl: string;
    readonly notFoundCodes: readonly string[];
    readonly rateLimitPerSecond: number;
  };
  readonly checks: {
    readonly strategy: CheckStrategy;
    readonly scheduleMs: readonly number[];
    readonly intervalMs: number;
    readonly windowMs: number;
    readonly limit: number;
  };
  readonly policy: OrderPolicy;
  readonly apiKeys: readonly NamedCredential[];
  readonly opsTokens: readonly NamedCredential[];
  readonly verifyTokenSecret: Secret<string>;
  readonly audit: {
    /** Absent: no checkpoints are made. */
    readonly signingKey: Secret<KeyObject> | null;
    readonly checkpointIntervalMs: number;
  };
  /** Absent: events are listed and sent nowhere. */
  readonly merchantWebhook: MerchantWebhook | null;
  readonly alerting: Alerting;
  readonly temporalUiUrl: string | null;
  readonly temporalMetricsPort: number | null;
  /** Absent: nothing is traced. */
  readonly tracingUrl: string | null;
  readonly logLevel: string;
  /** Folder of the trial mode. */
  readonly dataDirectory: string;
  readonly isTrial: boolean;
}

/** Thrown with every problem of the environment at once; values are never part of it. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the configuration is wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const TLS_UNCHECKED =
  'NODE_TLS_REJECT_UNAUTHORIZED switches off the check of the gateway’s certificate; give the authority in NODE_EXTRA_CA_CERTS instead';

/**
 * Reads and checks the environment.
 * @throws {ConfigError} naming every wrong or missing variable
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0') problems.push(TLS_UNCHECKED);
  const values = parseVariables(environment, problems);
  const privateKey = readKey(values, 'CODEPAY_PRIVATE_KEY', parsePrivateKey, problems);
  const publicKeys = readKey(values, 'CODEPAY_PUBLIC_KEY', parsePublicKeys, problems);
  const auditKey = readAuditKey(values, problems);
  const merchantWebhook = readMerchantWebhook(values, problems);
  const alerting = readAlerting(values, problems);
  const workerBuild = readWorkerBuild(values, problems);
  checkKeysDiffer([...(values.API_KEYS ?? []), ...(values.OPS_TOKENS ?? [])], problems);
  if (values.CHECK_STRATEGY === 'scheduled') checkWindow(values, problems);
  if (problems.length > 0 || privateKey === null || publicKeys === null) {
    throw new ConfigError(problems);
  }
  return deepFreeze(
    assemble(values, { privateKey, publicKeys, auditKey, merchantWebhook, alerting, workerBuild }),
  );
}

function parseVariables(environment: NodeJS.ProcessEnv, problems: string[]): Variables {
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const given = environment[name]?.trim();
    const text = given === undefined || given === '' ? variable.default : given;
    if (text === null) {
      problems.push(`${name} is missing: ${variable.sentence}`);
      continue;
    }
    const parsed = variable.schema.safeParse(text === '' ? absentValue(variable.schema) : text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${name} ${parsed.error.issues.map((issue) => issue.message).join('; ')}`);
  }
  return values as Variables;
}

/** An absent variable is an empty list where a list is read, otherwise nothing. */
function absentValue(schema: { safeParse(value: unknown): { success: boolean } }): unknown {
  return schema.safeParse(undefined).success ? undefined : '';
}

/** Nobody needs checkpoints to take payments; a key that is given must be right. */
function readAuditKey(values: Variables, problems: string[]): KeyObject | null {
  const isGiven =
    values.AUDIT_SIGNING_KEY !== undefined || values.AUDIT_SIGNING_KEY_FILE !== undefined;
  return isGiven ? readKey(values, 'AUDIT_SIGNING_KEY', parseAuditSigningKey, problems) : null;
}

/** An order must reach its limit before it leaves the window, or it would never be closed. */
function checkWindow(values: Variables, problems: string[]): void {
  const { SCHEDULED_CHECK_INTERVAL: intervalMs, SCHEDULED_CHECK_LIMIT: limit } = values;
  if (intervalMs === undefined || limit === undefined) return;
  if (intervalMs * limit > (values.SCHEDULED_CHECK_WINDOW ?? 0)) {
    problems.push(
      'SCHEDULED_CHECK_WINDOW must be at least SCHEDULED_CHECK_INTERVAL times SCHEDULED_CHECK_LIMIT: an order must reach its limit before it leaves the window',
    );
  }
}

interface Keys {
  readonly privateKey: KeyObject;
  readonly publicKeys: readonly KeyObject[];
  readonly auditKey: KeyObject | null;
  readonly merchantWebhook: MerchantWebhook | null;
  readonly alerting: Alerting;
  readonly workerBuild: WorkerBuild | null;
}

/** Over 50 lines because it is one table: where each variable's value stands in the configuration. */
function assemble(values: Variables, keys: Keys): Config {
  const publicUrl = (values.PUBLIC_URL ?? `http://localhost:${values.PORT}`).replace(/\/+$/, '');
  return {
    http: {
      port: values.PORT,
      host: values.HOST,
      publicUrl,
      metricsPort: values.METRICS_PORT ?? null,
      corsOrigins: values.CORS_ORIGINS,
      trustProxy: values.TRUST_PROXY ?? null,
    },
    mongodbUri: new Secret(values.MONGODB_URI),
    taskQueue: values.TEMPORAL_TASK_QUEUE,
    payloadKeys: values.TEMPORAL_PAYLOAD_KEYS,
    workerBuild: keys.workerBuild,
    codepay: {
      baseUrl: values.CODEPAY_BASE_URL,
      appId: values.CODEPAY_APP_ID,
      merchantNo: values.CODEPAY_MERCHANT_NO,
      privateKey: new Secret(keys.privateKey),
      publicKeys: keys.publicKeys,
      notifyUrl: values.CODEPAY_NOTIFY_URL ?? `${publicUrl}/v1/webhooks/codepay`,
      notFoundCodes: values.CODEPAY_NOT_FOUND_CODES,
      rateLimitPerSecond: values.GATEWAY_RATE_LIMIT,
    },
    checks: {
      strategy: values.CHECK_STRATEGY,
      scheduleMs: values.CHECK_SCHEDULE,
      intervalMs: values.SCHEDULED_CHECK_INTERVAL,
      windowMs: values.SCHEDULED_CHECK_WINDOW,
      limit: values.SCHEDULED_CHECK_LIMIT,
    },
    policy: {
      closeGiveUpMs: values.CLOSE_GIVE_UP,
      latePaymentWatchMs: values.LATE_PAYMENT_WATCH,
      latePaymentPolicy: values.LATE_PAYMENT_POLICY,
    },
    apiKeys: values.API_KEYS,
    opsTokens: values.OPS_TOKENS,
    verifyTokenSecret: new Secret(values.VERIFY_TOKEN_SECRET),
    audit: {
      signingKey: keys.auditKey === null ? null : new Secret(keys.auditKey),
      checkpointIntervalMs: values.CHECKPOINT_INTERVAL,
    },
    merchantWebhook: keys.merchantWebhook,
    alerting: keys.alerting,
    temporalUiUrl: values.TEMPORAL_UI_URL?.replace(/\/+$/, '') ?? null,
    temporalMetricsPort: values.TEMPORAL_METRICS_PORT ?? null,
    tracingUrl: values.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    logLevel: values.LOG_LEVEL,
    dataDirectory: values.DATA_DIR,
    isTrial: values.TRIAL_MODE,
  };
}

/** Plain objects and arrays only: keys and secrets keep their own ways. */
function deepFreeze<T>(value: T): T {
  if (
    Array.isArray(value) ||
    (value !== null && Object.getPrototypeOf(value) === Object.prototype)
  ) {
    Object.values(value as object).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
