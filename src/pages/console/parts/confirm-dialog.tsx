import type { ComponentChildren, TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { asConsoleProblem, type ConsoleProblem } from '../data/console-problem.js';
import { ProblemNotice } from './problem-notice.js';

interface ConfirmDialogProps {
  readonly title: string;
  /** What the button does, as on the button. */
  readonly confirm: string;
  /** What will happen, what cannot be undone, and fields. */
  readonly children: ComponentChildren;
  /** It cannot be taken back. */
  readonly isDangerous?: boolean;
  /** Does it. The dialog stays open, and says why, when this rejects. */
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before something is done. Escape and "Keep as it is" do nothing; the focus returns to where it came from. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, confirm, children, isDangerous = false, onConfirm, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const { send, isSending, problem } = useSending(onConfirm, () => dialog.current?.close());
  return (
    <dialog
      ref={dialog}
      aria-labelledby="dialog-title"
      onClose={onClose}
      onCancel={(event) => {
        if (isSending) event.preventDefault();
      }}
    >
      <article>
        <h2 id="dialog-title">{title}</h2>
        <form onSubmit={send}>
          {children}
          {problem === null ? null : (
            <ProblemNotice
              what={problem.isOutcomeUnknown ? 'No answer: it may have been done.' : 'Not done.'}
              problem={problem}
            />
          )}
          <footer class="actions">
            <button
              type="button"
              class="secondary outline"
              disabled={isSending}
              onClick={() => dialog.current?.close()}
            >
              Keep as it is
            </button>
            <button type="submit" class={isDangerous ? 'danger' : ''} aria-busy={isSending}>
              {confirm}
            </button>
          </footer>
        </form>
      </article>
    </dialog>
  );
}

function useSending(onConfirm: () => Promise<void>, close: () => void) {
  const [problem, setProblem] = useState<ConsoleProblem | null>(null);
  const [isSending, setIsSending] = useState(false);
  const send = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isSending) return;
    setIsSending(true);
    setProblem(null);
    try {
      await onConfirm();
      close();
    } catch (error) {
      setProblem(asConsoleProblem(error));
      setIsSending(false);
    }
  };
  return { send, isSending, problem };
}
