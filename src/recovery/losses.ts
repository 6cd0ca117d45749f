/** What a restore has lost or may have lost, one finding each. */
import type { AnswerWord } from '../domain/evidence.js';
import type { OrderStatus } from '../domain/order.js';

export const LOSS_KINDS = [
  'record_missing',
  'record_behind',
  'record_differs',
  'run_unreadable',
  'callback_without_order',
  'paid_at_gateway',
  'gateway_contradicts',
  'gateway_unknown',
] as const;
export type LossKind = (typeof LOSS_KINDS)[number];

/** What each means, for the person who reads the report. */
export const LOSS_MEANINGS: Readonly<Record<LossKind, string>> = {
  record_missing: 'a run knows an order that has no record',
  record_behind: 'a run knows more of an order than its record',
  record_differs: 'the record was written to since the restore, and lacks what a run knew before',
  run_unreadable: 'a run could not be asked what it knows',
  callback_without_order: 'a verified callback says paid, and its order has no record',
  paid_at_gateway: 'the gateway says paid, and the record does not',
  gateway_contradicts: 'the record says paid, and the gateway says that it is not',
  gateway_unknown: 'the gateway gave no definite answer: ask again',
};

export interface Loss {
  readonly kind: LossKind;
  /** `<merchantNo>/<merchantOrderNo>`; the workflow's id when the run could not be asked. */
  readonly subject: string;
  /** What the record says; `null` when there is none. */
  readonly recordStatus: OrderStatus | null;
  /** What the run knew; `null` where no run is meant. */
  readonly knownStatus: OrderStatus | null;
  readonly answer: AnswerWord | null;
  readonly detail: string;
  /** It was written again, or its order was told to ask the gateway. */
  readonly isRepaired: boolean;
}

export interface RecoveryReport {
  /** When the newest order of the copy was made: later ones have left no trace in MongoDB. */
  readonly newestOrderAt: string | null;
  readonly runsAsked: number;
  readonly ordersAsked: number;
  readonly losses: readonly Loss[];
}

/** The report in lines, with what each finding means. */
export function reportText(report: RecoveryReport): string {
  const { newestOrderAt, runsAsked, ordersAsked, losses } = report;
  const kinds = LOSS_KINDS.filter((kind) => losses.some((loss) => loss.kind === kind));
  const sections = kinds.flatMap((kind) => {
    const found = losses.filter((loss) => loss.kind === kind);
    return [`${kind} (${found.length}): ${LOSS_MEANINGS[kind]}`, ...found.map(lossLine)];
  });
  const open = losses.filter(({ isRepaired }) => !isRepaired).length;
  return [
    `newest order in the record: ${newestOrderAt ?? 'none'}`,
    `${runsAsked} runs asked what they know, ${ordersAsked} orders asked about at the gateway`,
    ...sections,
    losses.length === 0 ? 'nothing is missing' : `${losses.length} findings, ${open} not repaired`,
    'Not knowable here: orders made after that whose runs are lost as well. The merchant sends them again under the same number.',
    '',
  ].join('\n');
}

function lossLine({
  subject,
  recordStatus,
  knownStatus,
  answer,
  detail,
  isRepaired,
}: Loss): string {
  const parts = [
    ...(recordStatus === null ? [] : [`record ${recordStatus}`]),
    ...(knownStatus === null ? [] : [`run ${knownStatus}`]),
    ...(answer === null ? [] : [`gateway ${answer}`]),
    ...(detail === '' ? [] : [detail]),
  ];
  return `  ${isRepaired ? 'repaired' : 'OPEN    '} ${subject}: ${parts.join(', ')}`;
}
