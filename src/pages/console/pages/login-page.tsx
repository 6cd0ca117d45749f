import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { ConsoleSession } from '../../../api/console/console-contract.js';
import { logIn } from '../data/console-api.js';
import { asConsoleProblem, type ConsoleProblem } from '../data/console-problem.js';
import { PageHeading } from '../parts/page-heading.js';
import { ProblemNotice } from '../parts/problem-notice.js';

interface LoginPageProps {
  /** There was a session; the page behind the login is where it ended. */
  readonly hasEnded: boolean;
  readonly onLoggedIn: (session: ConsoleSession) => void;
}

export function LoginPage({ hasEnded, onLoggedIn }: LoginPageProps) {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<ConsoleProblem | null>(null);
  const [isSending, setIsSending] = useState(false);
  const send = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isSending) return;
    setIsSending(true);
    setProblem(null);
    try {
      onLoggedIn(await logIn(token.trim()));
    } catch (error) {
      setProblem(asConsoleProblem(error));
      setIsSending(false);
    }
  };
  return (
    <article class="login">
      <PageHeading title="Payments console" />
      <p class="soft">
        {hasEnded
          ? 'Your session has ended. Log in to go on where you were.'
          : 'For operators. What you do here is kept in the audit under the name of your token.'}
      </p>
      <form onSubmit={send}>
        <label for="token">Ops token</label>
        <input
          id="token"
          name="token"
          type="password"
          autocomplete="current-password"
          required
          value={token}
          aria-invalid={problem?.status === 401 ? true : undefined}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        {problem === null ? null : <ProblemNotice what={whatFailed(problem)} problem={problem} />}
        <button type="submit" aria-busy={isSending}>
          Log in
        </button>
      </form>
    </article>
  );
}

function whatFailed({ status }: ConsoleProblem): string {
  if (status === 401) return 'This is no ops token.';
  if (status === 429) return 'Too many tries.';
  return 'You could not be logged in.';
}
