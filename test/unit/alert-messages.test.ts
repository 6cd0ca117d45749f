/** What an alert says on the generic webhook and in Slack. */
import { describe, expect, it } from 'vitest';
import { alertMessage, alertMessageId } from '../../src/alerts/alert-message.js';
import { slackMessage } from '../../src/alerts/slack-message.js';
import { ANOMALY_KINDS } from '../../src/domain/audit.js';
import type { Alert } from '../../src/store/alert-store.js';

const OPENED_AT = '2026-11-21T10:00:00.000Z';
const ENDED_AT = '2026-11-21T10:05:00.000Z';

function anAlert(changes: Partial<Alert> = {}): Alert {
  return {
    _id: 'slack:late_payment:M1001/A-1@x',
    destination: 'slack',
    episode: 'late_payment:M1001/A-1@x',
    kind: 'late_payment',
    anomalyId: 'late_payment:M1001/A-1',
    subject: 'M1001/A-1',
    summaryId: null,
    detail: 'paid after closing',
    count: 1,
    openedAt: OPENED_AT,
    healedAt: null,
    countAtEnd: null,
    stage: 'opened',
    plannedAt: OPENED_AT,
    dueSince: OPENED_AT,
    attempts: 1,
    nextAttemptAt: null,
    leaseId: null,
    settledAt: null,
    ...changes,
  };
}

const slackOf = (changes: Partial<Alert> = {}) =>
  slackMessage(alertMessage(anAlert(changes), 'https://pay.example.com'));

describe('the id of a message', () => {
  it('when it is told again or elsewhere, then it is the same; its end, and another episode, have others', () => {
    const id = alertMessageId(anAlert());
    expect(id).toMatch(/^alert_[0-9a-f]{32}$/);
    expect(alertMessageId(anAlert({ attempts: 5, _id: 'webhook:x', destination: 'webhook' }))).toBe(
      id,
    );
    const others = [{ stage: 'recovered' as const }, { episode: 'late_payment:M1001/A-1@y' }];
    for (const other of others) expect(alertMessageId(anAlert(other))).not.toBe(id);
  });
});

describe('Slack', () => {
  it('when a page opens, then text and blocks say severity, title, order and detail, with both links', () => {
    const { text, blocks } = slackOf();
    expect(text).toBe('🔴 Page: Money after closing (order A-1): paid after closing');
    expect(blocks.map(({ type }) => type)).toEqual(['header', 'section', 'section', 'context']);
    expect(blocks[0]?.text?.text).toBe('🔴 Page: Money after closing');
    expect(blocks[2]?.fields?.map((field) => field.text)).toEqual([
      'Order: A-1',
      `Since: ${OPENED_AT}`,
    ]);
    expect(blocks[3]?.elements?.[0]?.text).toBe(
      '<https://pay.example.com/console/orders/A-1|Order in the console> · <https://pay.example.com/docs/runbooks/late-payment|Runbook>',
    );
  });

  it('when a ticket opens or something ends, then word and icon say so', () => {
    expect(slackOf({ kind: 'closing_stuck' }).text).toMatch(/^🟡 Ticket: Closing takes long/);
    const over = slackOf({ stage: 'recovered', healedAt: ENDED_AT });
    expect(over.text).toMatch(/^✅ Recovered: Money after closing/);
    expect(over.blocks[2]?.fields?.at(-1)?.text).toBe(`Over since: ${ENDED_AT}`);
  });

  it('when a text holds what Slack would act on, then it is shown as it is and calls nobody', () => {
    const message = slackOf({ detail: '<!channel> & <https://evil.example|click>' });
    const all = JSON.stringify(message);
    expect(all).toContain('&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;');
    expect(all).not.toMatch(/<(!|https:\/\/evil)/);
  });

  it('when an order number holds a bar or an at sign, then the link still leads to it', () => {
    const { blocks } = slackOf({ subject: 'M1001/A|1@*' });
    expect(blocks[3]?.elements?.[0]?.text).toContain(
      '<https://pay.example.com/console/orders/A%7C1%40*|Order in the console>',
    );
    expect(blocks[2]?.fields?.[0]).toEqual({ type: 'plain_text', text: 'Order: A|1@*' });
  });

  it('when a text is longer than Slack takes, then it is cut and no escape is broken', () => {
    const text = slackOf({ detail: '<'.repeat(5_000) }).blocks[1]?.text?.text ?? '';
    expect(text.length).toBeLessThanOrEqual(3_000);
    expect(text.endsWith('&lt;…')).toBe(true);
  });

  it.each(ANOMALY_KINDS)('when %s opens, then its header fits and both links are there', (kind) => {
    const { blocks } = slackOf({ kind });
    expect(blocks[0]?.text?.text.length).toBeLessThanOrEqual(150);
    expect(blocks[3]?.elements?.[0]?.text.match(/<https:[^|>]+\|[^>]+>/g)).toHaveLength(2);
  });
});
