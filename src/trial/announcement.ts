import type { TrialSecrets } from './trial-secrets.js';
import type { TrialSettings } from './trial-settings.js';

const LABEL_WIDTH = 20;

/** What a person can do now: where everything is, the keys that were invented, and an order to begin with. */
export function announcement(
  env: NodeJS.ProcessEnv,
  settings: TrialSettings,
  secrets: TrialSecrets,
): string {
  const { publicUrl, ports, given, dataDir } = settings;
  const api = `http://localhost:${ports.PORT}`;
  const temporalUi = `http://localhost:${ports.TEMPORAL_UI_PORT}/namespaces/default/workflows`;
  return [
    '',
    line('API', publicUrl),
    line('API docs', `${api}/docs`),
    line('Demo shop', `${api}/demo`),
    line('Console', `${api}/console`),
    ...(given.gateway
      ? []
      : [line('CodePay simulator', `http://localhost:${ports.SIMULATOR_PORT}/`)]),
    ...(given.temporal ? [] : [line('Temporal Web UI', temporalUi)]),
    line('Logs and data', dataDir),
    '',
    line('API key', env.API_KEYS ? 'as in API_KEYS' : secrets.apiKey),
    line('Ops token', env.OPS_TOKENS ? 'as in OPS_TOKENS' : secrets.opsToken),
    '',
    'Create an order (its paymentUrl is the page on which it is paid):',
    '',
    curl(publicUrl, env.API_KEYS ? '<one of API_KEYS>' : secrets.apiKey),
    '',
    'Ctrl-C stops all of it.',
    '',
  ].join('\n');
}

function line(label: string, value: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${value}`;
}

function curl(publicUrl: string, apiKey: string): string {
  const order = `{"merchantOrderNo":"A-'$(date +%s)'","channel":"hosted","amount":1050,"currency":"USD","description":"Two coffees"}`;
  return [
    `curl -sS ${publicUrl}/v1/orders \\`,
    `  -H 'Authorization: Bearer ${apiKey}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${order}'`,
  ].join('\n');
}
