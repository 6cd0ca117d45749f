/**
 * Every environment variable of the API and the worker: its sentence, its default, how it is read.
 * docs/configuration.md and .env.example are generated from this list, and a test keeps them the same.
 * Over 250 lines because it is one table.
 */
import { z } from 'zod';
import { parseDurationMs } from '../domain/duration.js';
import { LATE_PAYMENT_POLICIES } from '../domain/order.js';
import { API_KEY_SCOPES, credentialsSchema, OPS_TOKEN_SCOPES } from './credentials.js';
import { payloadKeysSchema } from './payload-keys.js';
import { isTrustedProxies } from './trusted-proxies.js';

const DAY_MS = 86_400_000;

const durationMs = (fromMs: number, toMs: number) =>
  z.string().transform((text, context) => {
    const value = parseDurationMs(text);
    if (value !== null && value >= fromMs && value <= toMs) return value;
    context.addIssue({
      code: 'custom',
      message: `must be a duration such as 30s, 10m or 24h, from ${fromMs / 1_000}s to ${toMs / 1_000}s`,
    });
    return z.NEVER;
  });

export const checkScheduleSchema = z
  .array(durationMs(1_000, DAY_MS))
  .min(1, 'must have at least one step')
  .max(50, 'must have at most 50 steps');

/** Pause between the checks of the scheduled strategy. */
export const checkIntervalSchema = durationMs(5_000, 3_600_000);

const commaSeparated = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const list = z.string().transform(commaSeparated);

/** Without a sentence of ours the message would quote what was given. */
const number = z.coerce.number('must be a number');
const port = number.int().min(0).max(65_535);
const flag = z
  .enum(['0', '1', 'true', 'false'])
  .transform((text) => text === '1' || text === 'true');
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an absolute http or https address' });

export interface Variable {
  readonly schema: z.ZodType;
  /** Text of the default; `null` when the variable must be given, `''` when it may be absent. */
  readonly default: string | null;
  readonly sentence: string;
  readonly isSecret?: boolean;
}

const variable = <S extends z.ZodType>(
  schema: S,
  fallback: string | null,
  sentence: string,
  isSecret = false,
) => ({ schema, default: fallback, sentence, isSecret }) as const;

export const VARIABLES = {
  PORT: variable(port, '3000', 'Port of the HTTP API.'),
  HOST: variable(
    z.string().min(1),
    '127.0.0.1',
    'Address the HTTP servers listen on; `0.0.0.0` in a container.',
  ),
  PUBLIC_URL: variable(
    httpUrl.optional(),
    '',
    'Address under which payers and CodePay reach the API; default `http://localhost:PORT`.',
  ),
  MONGODB_URI: variable(
    z.string().regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://'),
    null,
    'MongoDB, a replica set in production.',
    true,
  ),
  TEMPORAL_TASK_QUEUE: variable(
    z.string().min(1),
    'payment-orders',
    'Task queue of the order workflows. The Temporal address and credentials are read from `TEMPORAL_ADDRESS` and the other variables of @temporalio/envconfig.',
  ),
  TEMPORAL_PAYLOAD_KEYS: variable(
    payloadKeysSchema,
    '',
    'Keys that encrypt what is handed to Temporal, `id:base64 of 32 bytes` separated by commas: the first encrypts, all of them decrypt. The same for API and worker. Without one payloads are plain. See docs/security.md.',
    true,
  ),
  WORKER_DEPLOYMENT_NAME: variable(
    z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -')
      .optional(),
    '',
    "Temporal's name for all workers of this service, such as `payment-orders`. With WORKER_BUILD_ID runs of orders stay on the build they began on; without both, any worker takes any run.",
  ),
  WORKER_BUILD_ID: variable(
    z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 letters, digits, _, . or -')
      .optional(),
    '',
    "What names the worker's code, such as `0.2.0`: another one for every build. Needs WORKER_DEPLOYMENT_NAME.",
  ),
  CODEPAY_BASE_URL: variable(
    httpUrl,
    null,
    'The whole entry address of the gateway, such as `https://codepay-open.codepay.us/api/entry`.',
  ),
  CODEPAY_APP_ID: variable(z.string().min(1).max(32), null, 'The app id that CodePay issued.'),
  CODEPAY_MERCHANT_NO: variable(
    z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 letters, digits, _ or -'),
    null,
    'The merchant number that CodePay issued.',
  ),
  CODEPAY_PRIVATE_KEY: variable(
    z.string().optional(),
    '',
    "The merchant's RSA private key (PEM, or bare base64 of the DER). Either this or the file.",
    true,
  ),
  CODEPAY_PRIVATE_KEY_FILE: variable(
    z.string().optional(),
    '',
    "File with the merchant's RSA private key.",
  ),
  CODEPAY_PUBLIC_KEY: variable(
    z.string().optional(),
    '',
    "The gateway's RSA public key; several separated by commas while it is rotated. Either this or the file.",
  ),
  CODEPAY_PUBLIC_KEY_FILE: variable(
    z.string().optional(),
    '',
    "File with the gateway's RSA public key or keys.",
  ),
  CODEPAY_NOTIFY_URL: variable(
    httpUrl.optional(),
    '',
    'Where CodePay sends callbacks; default `PUBLIC_URL/v1/webhooks/codepay`.',
  ),
  CODEPAY_NOT_FOUND_CODES: variable(
    list,
    '',
    'Gateway codes that mean "no such order", separated by commas. CodePay documents none; until you know one, such answers count as unknown.',
  ),
  GATEWAY_RATE_LIMIT: variable(
    number.min(0.1).max(10_000),
    '50',
    'Calls to the gateway per second, over all workers.',
  ),
  CHECK_STRATEGY: variable(
    z.enum(['progressive', 'scheduled']),
    'progressive',
    'How unpaid orders are checked when an order does not say it itself.',
  ),
  CHECK_SCHEDULE: variable(
    list.pipe(checkScheduleSchema),
    '5s,30s,1m,3m,5m,10m,30m',
    'Gaps between checks of the progressive strategy: 1 to 50 steps of 1s to 24h.',
  ),
  SCHEDULED_CHECK_INTERVAL: variable(
    checkIntervalSchema,
    '30s',
    'Pause between the checks of the scheduled strategy.',
  ),
  SCHEDULED_CHECK_WINDOW: variable(
    durationMs(60_000, DAY_MS),
    '10m',
    'Age up to which the scheduled strategy looks at orders.',
  ),
  SCHEDULED_CHECK_LIMIT: variable(
    number.int().min(1).max(1_000),
    '10',
    'Checks of the scheduled strategy after which an unpaid order is closed.',
  ),
  CLOSE_GIVE_UP: variable(
    durationMs(1_000, 30 * DAY_MS),
    '24h',
    'How long closing an order may stay without a definite answer before a person must look at it.',
  ),
  LATE_PAYMENT_POLICY: variable(
    z.enum(LATE_PAYMENT_POLICIES),
    'review',
    'What happens with money that arrives after closing: `review` asks a person, `refund` gives it back, `accept` makes the order paid.',
  ),
  LATE_PAYMENT_WATCH: variable(
    durationMs(1_000, 30 * DAY_MS),
    '24h',
    'How long a closed order is watched for late money.',
  ),
  API_KEYS: variable(
    credentialsSchema(API_KEY_SCOPES),
    null,
    'API keys of the merchant, `name:key` separated by commas, or `name:sha256=` and the SHA-256 of the key in hexadecimal, so that the environment holds no usable key (`npm run keys:new`). `name[read+write]:…` limits what a key is for: `read`, `write`, `refund`; without brackets everything. Several keys may have one name while it is rotated.',
    true,
  ),
  OPS_TOKENS: variable(
    credentialsSchema(OPS_TOKEN_SCOPES),
    '',
    'Tokens of operators, `name:token` separated by commas, or `name:sha256=` and 64 hexadecimal digits; the name is audited. `name[read]:…` may look and change nothing; without brackets `read+operate`.',
    true,
  ),
  VERIFY_TOKEN_SECRET: variable(
    z.string().min(32, 'must have 32 characters or more'),
    null,
    'Secret from which the verify tokens of orders and the key for stored callback bodies are derived.',
    true,
  ),
  CORS_ORIGINS: variable(
    // Every other kind of address has the origin "null", which any page in a sandbox can claim.
    list.pipe(z.array(httpUrl)),
    '',
    'Origins whose pages may call verify, pay and pos-result, separated by commas.',
  ),
  TRUST_PROXY: variable(
    z
      .string()
      .refine(
        isTrustedProxies,
        'must be true, false, a number of hops, or addresses and networks separated by commas',
      )
      .optional(),
    '',
    'Proxies in front of the API, as Express reads it (a number of hops or addresses); default none.',
  ),
  METRICS_PORT: variable(
    port.optional(),
    '',
    'Port of /metrics, /livez and /readyz of the worker, and of /metrics of the API.',
  ),
  AUDIT_SIGNING_KEY: variable(
    z.string().optional(),
    '',
    'Ed25519 private key (PKCS#8 PEM) that signs the checkpoints of the audit. Either this or the file; without one no checkpoints are made.',
    true,
  ),
  AUDIT_SIGNING_KEY_FILE: variable(
    z.string().optional(),
    '',
    'File with the Ed25519 private key that signs the checkpoints of the audit.',
  ),
  CHECKPOINT_INTERVAL: variable(
    durationMs(1_000, DAY_MS),
    '10m',
    'Least time between checkpoints of the audit.',
  ),
  MERCHANT_WEBHOOK_URL: variable(
    httpUrl.optional(),
    '',
    "Address of the merchant's back end that events are sent to; https in production. Without one events are only listed.",
  ),
  MERCHANT_WEBHOOK_SECRET: variable(
    list,
    '',
    'Secrets that sign what is sent there (Standard Webhooks, `whsec_` and base64 of 24 to 64 bytes); several separated by commas while they are rotated.',
    true,
  ),
  MERCHANT_WEBHOOK_PRIVATE: variable(
    flag,
    '0',
    "Set to 1 when the merchant's back end is on the same private network: http and private addresses are then allowed.",
  ),
  ALERT_WEBHOOK_URL: variable(
    httpUrl.optional(),
    '',
    'Address that alerts about anomalies are sent to, signed by Standard Webhooks.',
  ),
  ALERT_WEBHOOK_SECRET: variable(
    list,
    '',
    'Secrets that sign alerts (Standard Webhooks, `whsec_` and base64 of 24 to 64 bytes); several separated by commas while they are rotated.',
    true,
  ),
  ALERT_SLACK_URL: variable(
    httpUrl.optional(),
    '',
    'Incoming-webhook address of Slack, or of what understands its JSON, that alerts are sent to as text.',
    true,
  ),
  TEMPORAL_UI_URL: variable(
    httpUrl.optional(),
    '',
    'Address of the Temporal Web UI, for links from the console to the run of an order.',
  ),
  TEMPORAL_METRICS_PORT: variable(
    port.optional(),
    '',
    "Port of the Temporal SDK's own metrics of the worker, durations in seconds. Without one they are not served.",
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(
    httpUrl.optional(),
    '',
    'Address of an OpenTelemetry collector (OTLP over HTTP). Without one nothing is traced.',
  ),
  LOG_LEVEL: variable(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    'info',
    'Least level that is logged.',
  ),
  DATA_DIR: variable(
    z.string().min(1),
    '.data',
    'Folder of the trial mode: keys, embedded databases, logs.',
  ),
  TRIAL_MODE: variable(
    flag,
    '0',
    'Set by `npm start`: serves /metrics on PORT and the demo pages. Never set it in production.',
  ),
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof VARIABLES;

/** The values of all variables, parsed. */
export type Variables = { readonly [N in VariableName]: z.output<(typeof VARIABLES)[N]['schema']> };
