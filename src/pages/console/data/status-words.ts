/** Words and marks of what the console shows, the same on every page. A mark never stands without its word. */
import type { AuditKind } from '../../../domain/audit.js';
import type { EvidenceRole } from '../../../domain/explain-evidence.js';
import type { Channel, OrderStatus } from '../../../domain/order.js';
import type { RefundStatus } from '../../../domain/refund.js';
import type { IconName } from '../parts/icon.js';

/** What a colour says: settled well, under way, needs a person, over without money, or nothing. */
export type Tone = 'good' | 'busy' | 'bad' | 'quiet';

export interface Words {
  readonly label: string;
  readonly tone: Tone;
  readonly icon: IconName;
}

export const STATUS_WORDS: Readonly<Record<OrderStatus, Words>> = {
  pending: { label: 'Pending', tone: 'busy', icon: 'clock' },
  canceling: { label: 'Canceling', tone: 'busy', icon: 'hourglass' },
  review: { label: 'In review', tone: 'bad', icon: 'warning' },
  paid: { label: 'Paid', tone: 'good', icon: 'check' },
  partially_refunded: { label: 'Partly refunded', tone: 'quiet', icon: 'back' },
  refunded: { label: 'Refunded', tone: 'quiet', icon: 'back' },
  canceled: { label: 'Canceled', tone: 'quiet', icon: 'cross' },
};

export const REFUND_WORDS: Readonly<Record<RefundStatus, Words>> = {
  pending: { label: 'Pending', tone: 'busy', icon: 'clock' },
  succeeded: { label: 'Succeeded', tone: 'good', icon: 'check' },
  failed: { label: 'Failed', tone: 'quiet', icon: 'cross' },
  unknown: { label: 'Not known yet', tone: 'bad', icon: 'warning' },
};

export const AUDIT_WORDS: Readonly<Record<AuditKind, Words>> = {
  create: { label: 'Created', tone: 'quiet', icon: 'plus' },
  query: { label: 'Query', tone: 'quiet', icon: 'question' },
  callback: { label: 'Callback', tone: 'quiet', icon: 'bell' },
  decision: { label: 'Decision', tone: 'good', icon: 'check' },
  cancel: { label: 'Cancel', tone: 'quiet', icon: 'cross' },
  refund: { label: 'Refund', tone: 'quiet', icon: 'back' },
  operator: { label: 'Operator', tone: 'busy', icon: 'person' },
};

export const ROLE_WORDS: Readonly<Record<EvidenceRole, string>> = {
  decided: 'decided',
  decided_before: 'decided before',
  agrees: 'agrees',
  undecided: 'proves nothing',
  lost: 'overruled',
};

export const CHANNEL_WORDS: Readonly<Record<Channel, string>> = {
  pos: 'Terminal (POS)',
  cloud: 'Terminal (Cloud)',
  hosted: 'Hosted page',
};
