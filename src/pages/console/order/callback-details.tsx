import { useState } from 'preact/hooks';
import type { StoredCallback } from '../../../api/console/console-contract.js';
import { useConsole } from '../data/console-context.js';
import { asConsoleProblem, type ConsoleProblem } from '../data/console-problem.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import type { ActionDialogProps } from './action-dialog.js';
import { RedeliverDialog } from './redeliver-dialog.js';
import { StoredFields } from './stored-fields.js';

interface CallbackDetailsProps {
  readonly callbackId: string;
  readonly api: ActionDialogProps['api'];
  readonly onDone: ActionDialogProps['onDone'];
}

/** The stored message behind an entry, what may name a payer masked; read when it is opened. */
export function CallbackDetails({ callbackId, api, onDone }: CallbackDetailsProps) {
  const { mayOperate } = useConsole();
  const [stored, setStored] = useState<StoredCallback | null>(null);
  const [problem, setProblem] = useState<ConsoleProblem | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const read = () => {
    setProblem(null);
    api.callback(callbackId).then(setStored, (error: unknown) => {
      setProblem(asConsoleProblem(error));
    });
  };
  return (
    <div class="callback">
      <details
        onToggle={(event) => {
          if (event.currentTarget.open && stored === null) read();
        }}
      >
        <summary>The callback as it came</summary>
        {stored === null ? null : <StoredFields callback={stored} />}
        {problem === null ? null : (
          <ProblemNotice what="The callback could not be read." problem={problem} onRetry={read} />
        )}
      </details>
      {mayOperate ? (
        <button type="button" class="small outline" onClick={() => setIsAsking(true)}>
          Deliver again
        </button>
      ) : null}
      {isAsking ? (
        <RedeliverDialog
          callbackId={callbackId}
          api={api}
          onDone={(said) => {
            onDone(said);
            if (stored !== null) read();
          }}
          onClose={() => setIsAsking(false)}
        />
      ) : null}
    </div>
  );
}
