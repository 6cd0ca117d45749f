import { createContext } from 'preact';
import { useContext, useEffect, useLayoutEffect, useState } from 'preact/hooks';

export type Theme = 'light' | 'dark';

const STORAGE_KEY = 'console-theme';

/** The theme that is shown: drawings on a canvas take their colours when they are made. */
export const ThemeContext = createContext<Theme>('light');

export function useShownTheme(): Theme {
  return useContext(ThemeContext);
}

/** The system's theme, or the one that was chosen here and is kept in this browser. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [chosen, setChosen] = useState<Theme | null>(storedTheme);
  const [system, setSystem] = useState<Theme>(systemTheme);
  useEffect(() => {
    const query = darkQuery();
    const onChange = () => setSystem(systemTheme());
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  // Before any drawing asks for its colours.
  useLayoutEffect(() => {
    if (chosen !== null) document.documentElement.dataset.theme = chosen;
  }, [chosen]);
  const choose = (theme: Theme) => {
    localStorage.setItem(STORAGE_KEY, theme);
    setChosen(theme);
  };
  return [chosen ?? system, choose];
}

function storedTheme(): Theme | null {
  const stored = localStorage.getItem(STORAGE_KEY);
  return stored === 'light' || stored === 'dark' ? stored : null;
}

function systemTheme(): Theme {
  return darkQuery().matches ? 'dark' : 'light';
}

function darkQuery(): MediaQueryList {
  return window.matchMedia('(prefers-color-scheme: dark)');
}
