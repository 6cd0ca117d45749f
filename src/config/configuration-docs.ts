/** Renders docs/configuration.md and .env.example from the lists of variables. Pure; a test keeps the files the same. */
import {
  DEMO_VARIABLES,
  type OtherVariable,
  SIMULATOR_VARIABLES,
  TEMPORAL_VARIABLES,
  TRIAL_VARIABLES,
} from './other-variables.js';
import { VARIABLES, type VariableName } from './variables.js';

interface Section {
  readonly heading: string;
  readonly introduction: string;
  readonly variables: Readonly<Record<string, DocumentedVariable>>;
}

type DocumentedVariable = Omit<OtherVariable, 'default'> & {
  /** Text of the default; `null` when the variable must be given, `''` when it may be absent. */
  readonly default: string | null;
};

/** Which variable is explained where. The type makes leaving one out an error. */
const HEADING_OF = {
  PORT: 'HTTP',
  HOST: 'HTTP',
  PUBLIC_URL: 'HTTP',
  CORS_ORIGINS: 'HTTP',
  TRUST_PROXY: 'HTTP',
  METRICS_PORT: 'HTTP',
  MONGODB_URI: 'MongoDB and Temporal',
  TEMPORAL_TASK_QUEUE: 'MongoDB and Temporal',
  TEMPORAL_PAYLOAD_KEYS: 'MongoDB and Temporal',
  WORKER_DEPLOYMENT_NAME: 'MongoDB and Temporal',
  WORKER_BUILD_ID: 'MongoDB and Temporal',
  CODEPAY_BASE_URL: 'CodePay',
  CODEPAY_APP_ID: 'CodePay',
  CODEPAY_MERCHANT_NO: 'CodePay',
  CODEPAY_PRIVATE_KEY: 'CodePay',
  CODEPAY_PRIVATE_KEY_FILE: 'CodePay',
  CODEPAY_PUBLIC_KEY: 'CodePay',
  CODEPAY_PUBLIC_KEY_FILE: 'CodePay',
  CODEPAY_NOTIFY_URL: 'CodePay',
  CODEPAY_NOT_FOUND_CODES: 'CodePay',
  GATEWAY_RATE_LIMIT: 'CodePay',
  CHECK_STRATEGY: 'Checks',
  CHECK_SCHEDULE: 'Checks',
  SCHEDULED_CHECK_INTERVAL: 'Checks',
  SCHEDULED_CHECK_WINDOW: 'Checks',
  SCHEDULED_CHECK_LIMIT: 'Checks',
  CLOSE_GIVE_UP: 'Closing and late money',
  LATE_PAYMENT_POLICY: 'Closing and late money',
  LATE_PAYMENT_WATCH: 'Closing and late money',
  API_KEYS: 'Access',
  OPS_TOKENS: 'Access',
  VERIFY_TOKEN_SECRET: 'Access',
  AUDIT_SIGNING_KEY: 'Audit',
  AUDIT_SIGNING_KEY_FILE: 'Audit',
  CHECKPOINT_INTERVAL: 'Audit',
  MERCHANT_WEBHOOK_URL: 'Events',
  MERCHANT_WEBHOOK_SECRET: 'Events',
  MERCHANT_WEBHOOK_PRIVATE: 'Events',
  ALERT_WEBHOOK_URL: 'Alerts',
  ALERT_WEBHOOK_SECRET: 'Alerts',
  ALERT_SLACK_URL: 'Alerts',
  TEMPORAL_UI_URL: 'Operation',
  TEMPORAL_METRICS_PORT: 'Operation',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'Operation',
  LOG_LEVEL: 'Operation',
  DATA_DIR: 'Operation',
  TRIAL_MODE: 'Operation',
} as const satisfies Record<VariableName, string>;

const INTRODUCTIONS: Readonly<Record<(typeof HEADING_OF)[VariableName], string>> = {
  HTTP: 'Read by the API; HOST and METRICS_PORT by the worker too.',
  'MongoDB and Temporal': 'The same values for the API and the worker.',
  CodePay:
    'The same values for the API and the worker. Keys are PEM (PKCS#1, PKCS#8 or SPKI) or bare base64 of the DER, at least 2048 bits. In a variable, line ends may be written as `\\n`.',
  Checks:
    'Defaults for new orders; an order may bring its own. Under the scheduled strategy the window must be at least the interval times the limit: an order must reach its limit before it leaves the window.',
  'Closing and late money': 'In force when an order is created, and kept with it.',
  Access:
    'Names are 1 to 64 letters, digits, `_`, `.` or `-`; values 16 to 512 printable characters without spaces or commas. `openssl rand -hex 32` makes a good one. Several names at once let a key be replaced without a gap. A new VERIFY_TOKEN_SECRET makes the verify tokens of all orders invalid, and callbacks that Temporal carries at that moment unreadable.',
  Alerts:
    'The same values for the API and the worker: either of them notices that the other is gone. docs/alerts.md says what is sent.',
  Audit:
    'Read by the worker. `openssl genpkey -algorithm ed25519` makes a key; docs/audit.md says how it is used.',
  Events:
    'Read by the API and the worker. `echo "whsec_$(openssl rand -base64 32)"` makes a secret; docs/events.md says how a receiver checks it.',
  Operation: 'Read by both.',
};

const SECTIONS: readonly Section[] = [
  ...Object.entries(INTRODUCTIONS).map(([heading, introduction]) => ({
    heading,
    introduction,
    variables: Object.fromEntries(
      Object.entries(VARIABLES).filter(([name]) => HEADING_OF[name as VariableName] === heading),
    ),
  })),
  {
    heading: 'Temporal connection',
    introduction:
      "Temporal's own variables, the same in all its tools, read by @temporalio/envconfig. `TEMPORAL_GRPC_META_<NAME>` adds a header to every call.",
    variables: TEMPORAL_VARIABLES,
  },
  {
    heading: 'Simulator',
    introduction:
      'Read by `npm run simulator`, besides CODEPAY_APP_ID, CODEPAY_MERCHANT_NO, CODEPAY_NOTIFY_URL (for orders that name no address of their own), LOG_LEVEL, and DATA_DIR (its state survives in the folder `simulator` there).',
    variables: SIMULATOR_VARIABLES,
  },
  {
    heading: 'Trial mode',
    introduction:
      '`npm start` invents the keys and secrets that are not given and keeps them in DATA_DIR. It starts a Temporal, a MongoDB and a simulator unless TEMPORAL_ADDRESS, MONGODB_URI or CODEPAY_BASE_URL says where one is.',
    variables: TRIAL_VARIABLES,
  },
  {
    heading: 'Demo',
    introduction:
      '`npm run demo` plays every scenario against what `npm start` runs in the same folder, or against the service named here.',
    variables: DEMO_VARIABLES,
  },
];

const PAGE_START = `# Configuration

Every process is configured by its environment alone. \`npm start\` also reads a file \`.env\` in the project's folder; what the shell sets
wins. A wrong or missing variable stops the start with a list of all of them; values are never printed.

Durations are whole numbers with a unit: \`30s\`, \`10m\`, \`24h\`. Lists are separated by commas. An empty variable counts as absent.

Generated from the source by \`npm run docs:configuration\`.
`;

const EXAMPLE_START = `# Every variable, with its default. Copy to .env and fill in what you need; \`npm start\` needs none of them.
# docs/configuration.md explains them by group. Generated by \`npm run docs:configuration\`.
`;

/** The page docs/configuration.md. */
export function renderConfigurationPage(): string {
  const parts = SECTIONS.map(({ heading, introduction, variables }) => {
    const rows = Object.entries(variables).map(
      ([name, variable]) =>
        `| \`${name}\` | ${defaultCell(variable)} | ${variable.sentence.replaceAll('|', '\\|')}${variable.isSecret === true ? ' Secret.' : ''} |`,
    );
    return `\n## ${heading}\n\n${introduction}\n\n| variable | default | meaning |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return PAGE_START + parts.join('');
}

/** The file .env.example. Variables that must be given stand there empty, the others commented out. */
export function renderEnvironmentExample(): string {
  const parts = SECTIONS.map(({ heading, variables }) => {
    const lines = Object.entries(variables).map(([name, variable]) => {
      const assignment = variable.default === null ? `${name}=` : `#${name}=${variable.default}`;
      return `# ${variable.sentence}\n${assignment}\n`;
    });
    return `\n## ${heading}\n\n${lines.join('')}`;
  });
  return EXAMPLE_START + parts.join('');
}

/** Names of all documented variables: those of the schema and those that are read elsewhere. */
export const DOCUMENTED_NAMES: readonly string[] = SECTIONS.flatMap(({ variables }) =>
  Object.keys(variables),
);

function defaultCell({ default: fallback }: DocumentedVariable): string {
  if (fallback === null) return '**required**';
  return fallback === '' ? 'none' : `\`${fallback}\``;
}
