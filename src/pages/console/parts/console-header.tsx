import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useConsole } from '../data/console-context.js';
import { useOverview } from '../data/overview-context.js';
import type { Theme } from '../data/use-theme.js';
import { LiveIndicator } from './live-indicator.js';
import { ReadOnlyNote } from './read-only-note.js';
import { ThemeSwitch } from './theme-switch.js';

interface ConsoleHeaderProps {
  readonly theme: Theme;
  readonly onTheme: (theme: Theme) => void;
  readonly onLoggedOut: () => void;
}

export function ConsoleHeader({ theme, onTheme, onLoggedOut }: ConsoleHeaderProps) {
  const { session, api } = useConsole();
  const { overview, status } = useOverview();
  const { path } = useLocation();
  const [hasLogOutFailed, setLogOutFailed] = useState(false);
  const current = (isHere: boolean) => (isHere ? { 'aria-current': 'page' as const } : {});
  const open = overview?.openAnomalies ?? 0;
  return (
    <header class="bar">
      <a class="brand" href="/console">
        Payments
        {session.isTrial ? <span class="trial">Trial</span> : null}
      </a>
      <nav class="bar-pages" aria-label="Console">
        <a href="/console" {...current(path === '/console')}>
          Overview
        </a>
        <a href="/console/orders" {...current(path.startsWith('/console/orders'))}>
          Orders
        </a>
        <a href="/console/anomalies" {...current(path === '/console/anomalies')}>
          Anomalies
          {open === 0 ? null : (
            <span class="count">
              {open}
              <span class="visually-hidden"> open</span>
            </span>
          )}
        </a>
      </nav>
      <div class="bar-end">
        <LiveIndicator status={status} />
        <ThemeSwitch theme={theme} onChange={onTheme} />
        <span class="operator" title="Whose name is audited with what you do">
          {session.operator}
        </span>
        <button
          type="button"
          class="plain"
          onClick={() => void api.logOut().then(onLoggedOut, () => setLogOutFailed(true))}
        >
          {hasLogOutFailed ? 'Not logged out: try again' : 'Log out'}
        </button>
      </div>
      <ReadOnlyNote />
    </header>
  );
}
