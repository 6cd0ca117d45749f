import type { Overview } from '../../../api/console/console-contract.js';
import type { Words } from '../data/status-words.js';
import { Badge } from '../parts/badge.js';

const PART_NAMES = { mongodb: 'MongoDB', temporal: 'Temporal', worker: 'Worker' } as const;

const STATE_WORDS = {
  up: { label: 'Up', tone: 'good', icon: 'check' },
  down: { label: 'Down', tone: 'bad', icon: 'warning' },
  unknown: { label: 'Not known', tone: 'busy', icon: 'question' },
} as const satisfies Record<string, Words>;

/** Which parts of the service answer. */
export function PartStates({ parts }: { readonly parts: Overview['parts'] }) {
  const names = Object.keys(PART_NAMES) as (keyof typeof PART_NAMES)[];
  return (
    <dl class="parts">
      {names.map((name) => (
        <div key={name}>
          <dt>{PART_NAMES[name]}</dt>
          <dd>
            <Badge words={STATE_WORDS[parts[name]]} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
