import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ConsoleSession } from '../../api/console/console-contract.js';
import { KeptFocus } from '../shared/kept-focus.js';
import { ConsolePages } from './console-pages.js';
import { createConsoleApi, readSession } from './data/console-api.js';
import { ConsoleContext } from './data/console-context.js';
import { asConsoleProblem, type ConsoleProblem } from './data/console-problem.js';
import { LiveOverviewProvider } from './data/live-overview-provider.js';
import type { Theme } from './data/use-theme.js';
import { LoginPage } from './pages/login-page.js';
import { ConsoleHeader } from './parts/console-header.js';
import { ProblemNotice } from './parts/problem-notice.js';

type Gate =
  | { readonly is: 'asking' }
  | { readonly is: 'failed'; readonly problem: ConsoleProblem }
  | { readonly is: 'closed'; readonly hasEnded: boolean }
  | { readonly is: 'open'; readonly session: ConsoleSession };

interface SessionGateProps {
  readonly theme: Theme;
  readonly onTheme: (theme: Theme) => void;
}

// Over 50 lines because what is shown follows from the gate in one place.
/**
 * Shows the login instead of whatever page the address names, and that page after it: the address never changes, so a
 * session that ended leads back to where it was.
 */
export function SessionGate({ theme, onTheme }: SessionGateProps) {
  const [gate, setGate] = useState<Gate>({ is: 'asking' });
  const ask = () => {
    readSession().then(
      (session) =>
        setGate(session === null ? { is: 'closed', hasEnded: false } : { is: 'open', session }),
      (error: unknown) => setGate({ is: 'failed', problem: asConsoleProblem(error) }),
    );
  };
  useEffect(ask, []);

  const session = gate.is === 'open' ? gate.session : null;
  const access = useMemo(
    () =>
      session === null
        ? null
        : {
            session,
            mayOperate: session.scopes.includes('operate'),
            api: createConsoleApi(session, () => setGate({ is: 'closed', hasEnded: true })),
          },
    [session],
  );

  if (access !== null) {
    return (
      <ConsoleContext.Provider value={access}>
        <LiveOverviewProvider>
          <ConsoleHeader
            theme={theme}
            onTheme={onTheme}
            onLoggedOut={() => setGate({ is: 'closed', hasEnded: false })}
          />
          <KeptFocus id="content">
            <ConsolePages />
          </KeptFocus>
        </LiveOverviewProvider>
      </ConsoleContext.Provider>
    );
  }
  return (
    <main id="content" class="entrance" tabIndex={-1}>
      {gate.is === 'closed' ? (
        <LoginPage
          hasEnded={gate.hasEnded}
          onLoggedIn={(opened) => setGate({ is: 'open', session: opened })}
        />
      ) : null}
      {gate.is === 'failed' ? (
        <ProblemNotice
          what="The console cannot be opened now."
          problem={gate.problem}
          onRetry={ask}
        />
      ) : null}
    </main>
  );
}
