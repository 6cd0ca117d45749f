import { isSigningSecret } from './merchant-webhook.js';
import { Secret } from './secret.js';
import type { Variables } from './variables.js';

/** Where alerts about anomalies are sent. Nowhere when both are absent. */
export interface Alerting {
  readonly webhook: { readonly url: string; readonly secrets: readonly Secret<string>[] } | null;
  /** Whoever has this address can write there. */
  readonly slackUrl: Secret<string> | null;
}

/** Adds what is wrong to the problems. */
export function readAlerting(values: Variables, problems: string[]): Alerting {
  const { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secrets, ALERT_SLACK_URL: slack } = values;
  const slackUrl = slack === undefined ? null : new Secret(slack);
  if (url === undefined) return { webhook: null, slackUrl };
  if (secrets === undefined || secrets.length === 0) {
    problems.push('ALERT_WEBHOOK_SECRET is missing: ALERT_WEBHOOK_URL needs it');
  } else if (!secrets.every(isSigningSecret)) {
    problems.push(
      'ALERT_WEBHOOK_SECRET must be whsec_ and the base64 of 24 to 64 bytes, several separated by commas',
    );
  }
  const { username, password } = new URL(url);
  if (username !== '' || password !== '') {
    problems.push('ALERT_WEBHOOK_URL must hold no user name or password');
  }
  return { webhook: { url, secrets: (secrets ?? []).map((text) => new Secret(text)) }, slackUrl };
}
