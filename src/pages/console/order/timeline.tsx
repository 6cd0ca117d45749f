import type { ActionDialogProps } from './action-dialog.js';
import type { OrderView } from './order-view.js';
import { TimelineEntry } from './timeline-entry.js';

interface TimelineProps extends Pick<OrderView, 'audit' | 'explanation'> {
  readonly api: ActionDialogProps['api'];
  readonly onDone: ActionDialogProps['onDone'];
}

/** Everything that happened to the order, oldest first. */
export function Timeline({ audit, explanation, api, onDone }: TimelineProps) {
  const weights = new Map(explanation.evidence.map((weighed) => [weighed.sequence, weighed]));
  return (
    <ol class="timeline">
      {audit.map((entry) => (
        <TimelineEntry
          key={entry.sequence}
          entry={entry}
          weight={weights.get(entry.sequence) ?? null}
          api={api}
          onDone={onDone}
        />
      ))}
    </ol>
  );
}
