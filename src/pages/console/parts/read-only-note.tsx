import { useConsole } from '../data/console-context.js';

/** Said once, at the top of every page, so that nobody looks for the buttons that are not there. */
export function ReadOnlyNote() {
  const { mayOperate } = useConsole();
  if (mayOperate) return null;
  return <p class="read-only">This login is read-only: it offers no actions.</p>;
}
