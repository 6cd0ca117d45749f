/** Environment variables that are read elsewhere than in `variables.ts`; here so that they are documented. */
import type { Variable } from './variables.js';

export type OtherVariable = Pick<Variable, 'default' | 'sentence' | 'isSecret'>;

const variable = (fallback: string, sentence: string, isSecret = false): OtherVariable => ({
  default: fallback,
  sentence,
  isSecret,
});

/** Read by @temporalio/envconfig in the API and the worker. */
export const TEMPORAL_VARIABLES = {
  TEMPORAL_ADDRESS: variable('localhost:7233', 'Host and port of the Temporal frontend.'),
  TEMPORAL_NAMESPACE: variable('default', 'Namespace of the order workflows; it must exist.'),
  TEMPORAL_API_KEY: variable('', 'API key of Temporal Cloud; switches TLS on.', true),
  TEMPORAL_TLS: variable('', '`true` connects with TLS, `false` without, whatever else is set.'),
  TEMPORAL_TLS_CLIENT_CERT_PATH: variable('', 'File with the client certificate for mutual TLS.'),
  TEMPORAL_TLS_CLIENT_CERT_DATA: variable('', 'The client certificate itself, PEM.'),
  TEMPORAL_TLS_CLIENT_KEY_PATH: variable('', 'File with the key of the client certificate.'),
  TEMPORAL_TLS_CLIENT_KEY_DATA: variable('', 'The key of the client certificate, PEM.', true),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: variable(
    '',
    "File with the certificate authority of the server's certificate.",
  ),
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: variable('', 'That certificate authority itself, PEM.'),
  TEMPORAL_TLS_SERVER_NAME: variable('', "Name to expect in the server's certificate."),
  TEMPORAL_PROFILE: variable('default', 'Profile to read from the configuration file.'),
  TEMPORAL_CONFIG_FILE: variable(
    '',
    "TOML file with profiles; default `temporalio/temporal.toml` in the user's configuration folder. Variables win over it.",
  ),
} as const satisfies Record<string, OtherVariable>;

/** Read by the simulator. */
export const SIMULATOR_VARIABLES = {
  SIMULATOR_PORT: variable('3100', 'Port of the simulator; its entry address is `/api/entry`.'),
  SIMULATOR_HOST: variable('127.0.0.1', 'Address it listens on; `0.0.0.0` in a container.'),
  SIMULATOR_PUBLIC_URL: variable(
    '',
    'Address under which payers reach its payment pages; default `http://localhost:SIMULATOR_PORT`.',
  ),
  SIMULATOR_PRIVATE_KEY_FILE: variable('', "File with the simulated gateway's RSA private key."),
  SIMULATOR_MERCHANT_PUBLIC_KEY_FILE: variable('', "File with the merchant's RSA public key."),
  SIMULATOR_CONTROL: variable(
    '0',
    '`1` serves the control API to other machines too; by default only to this one.',
  ),
  SIMULATOR_CALLBACK_TIME_SCALE: variable(
    '1',
    "Factor on CodePay's callback retry schedule, up to 1; `0.01` makes it a hundred times as fast.",
  ),
  SIMULATOR_TERMINALS: variable('TERMINAL-1,TERMINAL-2', 'Serial numbers of its terminals.'),
  SIMULATOR_JOURNAL_FILE: variable(
    '',
    'Instead of DATA_DIR: every change is written to this file before anybody is told of it. It only grows.',
  ),
} as const satisfies Record<string, OtherVariable>;

/** Read by `npm start`, which starts what `MONGODB_URI`, `TEMPORAL_ADDRESS` and `CODEPAY_BASE_URL` do not name. */
export const TRIAL_VARIABLES = {
  TEMPORAL_PORT: variable('7233', 'Port of the embedded Temporal.'),
  TEMPORAL_UI_PORT: variable('8233', 'Port of its Web UI.'),
  MONGODB_PORT: variable('27018', 'Port of the embedded MongoDB.'),
} as const satisfies Record<string, OtherVariable>;

/** Read by `npm run demo`, which by default plays against what `npm start` runs in the same folder. */
export const DEMO_VARIABLES = {
  DEMO_API_URL: variable('', 'Address of the API; default `http://127.0.0.1:PORT`.'),
  DEMO_SIMULATOR_URL: variable(
    '',
    'Address of the simulator, whose control API must be open to the demo; default `http://127.0.0.1:SIMULATOR_PORT`.',
  ),
  DEMO_API_KEY: variable('', 'The API key; default the one of the trial in DATA_DIR.', true),
} as const satisfies Record<string, OtherVariable>;
