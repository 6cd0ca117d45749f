/** Alerts as Slack, and what understands its JSON, shows them. Pure. */
import type { AlertMessage } from './alert-message.js';

/** Source: Slack API, Block Kit, header block and section block: at most that many characters. */
const HEADER_LENGTH_MAX = 150;
const SECTION_LENGTH_MAX = 3_000;

interface SlackText {
  readonly type: 'plain_text' | 'mrkdwn';
  readonly text: string;
}

interface SlackBlock {
  readonly type: 'header' | 'section' | 'context';
  readonly text?: SlackText;
  readonly fields?: readonly SlackText[];
  readonly elements?: readonly SlackText[];
}

/** Source: Slack API, Incoming webhooks: `text` is what notifications and old clients show instead of the blocks. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

export function slackMessage({ type, data }: AlertMessage): SlackMessage {
  const isOver = type === 'anomaly.recovered';
  const word = isOver ? 'Recovered' : data.severity === 'page' ? 'Page' : 'Ticket';
  const icon = isOver ? '✅' : data.severity === 'page' ? '🔴' : '🟡';
  const headline = `${icon} ${word}: ${data.title}`;
  const about = data.merchantOrderNo === null ? '' : ` (order ${data.merchantOrderNo})`;
  const order = data.merchantOrderNo === null ? [] : [plain(`Order: ${data.merchantOrderNo}`)];
  const ended = data.recoveredAt === null ? [] : [plain(`Over since: ${data.recoveredAt}`)];
  return {
    text: escapeSlack(`${headline}${about}: ${data.detail}`),
    blocks: [
      { type: 'header', text: plain(headline, HEADER_LENGTH_MAX) },
      { type: 'section', text: plain(`${data.meaning}\n${data.detail}`, SECTION_LENGTH_MAX) },
      { type: 'section', fields: [...order, plain(`Since: ${data.openedAt}`), ...ended] },
      { type: 'context', elements: [{ type: 'mrkdwn', text: linksOf(data) }] },
    ],
  };
}

function linksOf({ merchantOrderNo, consoleUrl, runbookUrl }: AlertMessage['data']): string {
  const page = merchantOrderNo === null ? 'Anomalies in the console' : 'Order in the console';
  return `${link(consoleUrl, page)} · ${link(runbookUrl, 'Runbook')}`;
}

function link(url: string, words: string): string {
  return `<${escapeSlack(url).replaceAll('|', '%7C')}|${escapeSlack(words)}>`;
}

/** Plain text: an order number may hold `*` and `_`, which would be read as markup. */
function plain(text: string, lengthMax = SECTION_LENGTH_MAX): SlackText {
  return { type: 'plain_text', text: escapeSlack(shortened(text, lengthMax)) };
}

/** Cut before it is escaped: half an escape would be shown. Escapes may make it five times as long. */
function shortened(text: string, lengthMax: number): string {
  const fits = escapeSlack(text).length <= lengthMax;
  return fits ? text : `${text.slice(0, Math.floor(lengthMax / 5) - 1)}…`;
}

/** Source: Slack API, Formatting text: these three and no others; `<!channel>` would call everybody. */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
