import type { AuditEntry } from '../../../domain/audit.js';
import type { Explanation } from '../../../domain/explain.js';
import { AUDIT_WORDS, ROLE_WORDS } from '../data/status-words.js';
import { Icon } from '../parts/icon.js';
import { Moment } from '../parts/moment.js';
import { ToldText } from '../parts/told-text.js';
import type { ActionDialogProps } from './action-dialog.js';
import { CallbackDetails } from './callback-details.js';

interface TimelineEntryProps {
  readonly entry: AuditEntry;
  /** What it counted for; `null` when it is no evidence. */
  readonly weight: Explanation['evidence'][number] | null;
  readonly api: ActionDialogProps['api'];
  readonly onDone: ActionDialogProps['onDone'];
}

/** One entry of the audit: when, what, what it counted for, and all of it on demand. */
export function TimelineEntry({ entry, weight, api, onDone }: TimelineEntryProps) {
  const { kind, sequence, event, data, changes } = entry;
  const { label, icon, tone } = AUDIT_WORDS[kind];
  const callbackId = typeof data.callbackId === 'string' ? data.callbackId : null;
  const isTurn = kind === 'decision' && data.from !== data.to;
  return (
    <li class={`entry entry-${tone}${isTurn ? ' entry-turn' : ''}`} id={`entry-${sequence}`}>
      <span class="entry-mark">
        <Icon name={icon} />
      </span>
      <div class="entry-body">
        <p class="entry-head">
          <strong>{label}</strong> <Moment at={entry.at} isClock />{' '}
          <span class="soft">entry {sequence}</span>
          {weight === null ? null : (
            <span class={`role role-${weight.role}`}>{ROLE_WORDS[weight.role]}</span>
          )}
        </p>
        <p>
          <ToldText text={entry.summary} />
        </p>
        {weight === null ? null : (
          <p class="soft">
            <ToldText text={weight.reason} />
          </p>
        )}
        <details>
          <summary>
            Details<span class="visually-hidden"> of entry {sequence}</span>
          </summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keyboards scroll the box */}
          <pre tabIndex={0}>{JSON.stringify({ event, data, changes }, null, 2)}</pre>
        </details>
        {kind === 'callback' && callbackId !== null ? (
          <CallbackDetails callbackId={callbackId} api={api} onDone={onDone} />
        ) : null}
      </div>
    </li>
  );
}
