/** Where alerts are sent: complete, or the start is refused; and what is secret does not print. */
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { COMPLETE, problemsOf } from '../support/complete-environment.js';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const URL_OF_RECEIVER = 'http://alerts.internal:8080/hook';
const SLACK_URL = 'https://hooks.slack.example/services/T0/B0/hidden';

const problems = (changes: NodeJS.ProcessEnv) =>
  problemsOf({ ALERT_WEBHOOK_URL: URL_OF_RECEIVER, ALERT_WEBHOOK_SECRET: SECRET, ...changes });

describe('configuration of alerts', () => {
  it('when nothing is given, then alerts are sent nowhere', () => {
    expect(readConfig({ ...COMPLETE }).alerting).toEqual({ webhook: null, slackUrl: null });
  });

  it('when both destinations are given, then they are read, and neither secret nor Slack address prints', () => {
    const { alerting } = readConfig({
      ...COMPLETE,
      ALERT_WEBHOOK_URL: URL_OF_RECEIVER,
      ALERT_WEBHOOK_SECRET: `${SECRET}, ${SECRET}`,
      ALERT_SLACK_URL: SLACK_URL,
    });
    expect(alerting.webhook?.url).toBe(URL_OF_RECEIVER);
    expect(alerting.webhook?.secrets.map((secret) => secret.reveal())).toEqual([SECRET, SECRET]);
    expect(alerting.slackUrl?.reveal()).toBe(SLACK_URL);
    for (const printed of [JSON.stringify(alerting), inspect(alerting, { depth: 9 })]) {
      expect(printed).not.toMatch(/hidden|whsec_/);
    }
  });

  it('when the secret is missing, then the start is refused', () => {
    expect(problems({ ALERT_WEBHOOK_SECRET: '' })).toEqual([
      'ALERT_WEBHOOK_SECRET is missing: ALERT_WEBHOOK_URL needs it',
    ]);
  });

  it.each(['secret', 'whsec_c2hvcnQ=', 'whsec_!!!!', `${SECRET},x`])(
    'when the secrets are "%s", then the start is refused and they are not shown',
    (secrets) => {
      const found = problems({ ALERT_WEBHOOK_SECRET: secrets });
      expect(found).toEqual([expect.stringMatching(/^ALERT_WEBHOOK_SECRET must be whsec_/)]);
      expect(found[0]).not.toContain(SECRET);
    },
  );

  it.each(['ftp://alerts.example.com/', 'alerts.example.com', 'javascript:alert(1)'])(
    'when an address is %s, then the start is refused and it is not shown',
    (url) => {
      expect(problems({ ALERT_WEBHOOK_URL: url })).toHaveLength(1);
      const [slack, ...others] = problems({ ALERT_SLACK_URL: url });
      expect(others).toEqual([]);
      expect(slack).toMatch(/^ALERT_SLACK_URL must be an absolute http or https address$/);
    },
  );

  it('when the address holds a password, then the start is refused and it is not shown', () => {
    expect(problems({ ALERT_WEBHOOK_URL: 'https://ann:hidden@alerts.example.com/' })).toEqual([
      'ALERT_WEBHOOK_URL must hold no user name or password',
    ]);
  });
});
