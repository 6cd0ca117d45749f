/** Is anything stuck, and what needs a person? Pure. */
import type { Overview } from '../../../api/console/console-contract.js';
import type { LiveStatus } from './live-stream.js';
import type { Tone } from './status-words.js';

export interface Verdict {
  readonly tone: Tone;
  readonly headline: string;
  /** Half sentences that say of what it is made. */
  readonly details: readonly string[];
}

/** @param status a verdict that cannot be kept up to date is none: what was quiet may be on fire by now */
export function verdictOf(overview: Overview, status: LiveStatus | null): Verdict {
  const facts = factsOf(overview);
  const details = detailsOf(overview, facts);
  if (status?.state === 'offline') {
    return { tone: 'bad', headline: 'Not up to date: the service does not answer', details };
  }
  if (facts.needed > 0) {
    const more = overview.openAnomalies > overview.anomalies.length ? 'At least ' : '';
    const things = facts.needed === 1 ? '1 thing needs you' : `${facts.needed} things need you`;
    return { tone: 'bad', headline: more === '' ? things : more + things, details };
  }
  if (facts.notAsked.length > 0) {
    return { tone: 'busy', headline: 'Nothing known needs you', details };
  }
  if (facts.inReview > 0 || overview.openAnomalies > 0) {
    return { tone: 'busy', headline: 'Nothing new needs you', details };
  }
  return { tone: 'good', headline: 'Nothing needs you', details };
}

interface Facts {
  readonly unseen: number;
  readonly acknowledged: number;
  readonly down: readonly string[];
  readonly notAsked: readonly string[];
  readonly inReview: number;
  readonly needed: number;
}

function factsOf({ anomalies, openAnomalies, parts, statuses }: Overview): Facts {
  const acknowledged = anomalies.filter((anomaly) => anomaly.acknowledgedBy !== null).length;
  // Those beyond the list are not known to be seen by anybody.
  const unseen = openAnomalies - acknowledged;
  const partsThatAre = (state: string) =>
    Object.entries(parts)
      .filter(([, now]) => now === state)
      .map(([part]) => part);
  const down = partsThatAre('down');
  return {
    unseen,
    acknowledged,
    down,
    notAsked: partsThatAre('unknown'),
    inReview: statuses.find(({ status }) => status === 'review')?.count ?? 0,
    needed: unseen + down.length,
  };
}

function detailsOf({ anomalies, statuses }: Overview, facts: Facts): readonly string[] {
  const paging = anomalies.filter(
    ({ severity, acknowledgedBy }) => severity === 'page' && acknowledgedBy === null,
  ).length;
  const open = statuses
    .filter(({ status }) => status === 'pending' || status === 'canceling')
    .reduce((sum, { count }) => sum + count, 0);
  return [
    ...facts.down.map((part) => `${part} is down`),
    ...facts.notAsked.map((part) => `${part} could not be asked`),
    ...(facts.unseen > 0 ? [`${counted(facts.unseen, 'new anomaly', 'new anomalies')}`] : []),
    ...(paging > 0 ? [`money at stake in ${paging}`] : []),
    ...(facts.acknowledged > 0 ? [`${facts.acknowledged} acknowledged and still open`] : []),
    ...(facts.inReview > 0
      ? [counted(facts.inReview, 'order waits for a decision', 'orders wait for a decision')]
      : []),
    counted(open, 'order under way', 'orders under way'),
  ];
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
