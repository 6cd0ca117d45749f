import type { ConsoleProblem } from '../data/console-problem.js';
import { Icon } from './icon.js';

interface ProblemNoticeProps {
  readonly problem: ConsoleProblem;
  /** What was not done, as the begin of a sentence. */
  readonly what: string;
  readonly onRetry?: () => void;
}

/** Why something was not done, with what the log is searched by. */
export function ProblemNotice({ problem, what, onRetry }: ProblemNoticeProps) {
  return (
    <div class="notice notice-bad" role="alert">
      <Icon name="warning" />
      <div>
        <p>
          <strong>{what}</strong> {problem.message}
        </p>
        {problem.fields.length === 0 ? null : (
          <ul>
            {problem.fields.map(({ pointer, detail }) => (
              <li key={pointer}>
                <code>{pointer}</code> {detail}
              </li>
            ))}
          </ul>
        )}
        <p class="soft">
          Code <code>{problem.code}</code>
          {problem.requestId === null ? null : (
            <>
              , request <code>{problem.requestId}</code>
            </>
          )}
        </p>
        {onRetry === undefined ? null : (
          <button type="button" class="small outline" onClick={onRetry}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}
