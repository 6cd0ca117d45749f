import { LocationProvider } from 'preact-iso';
import { ThemeContext, useTheme } from './data/use-theme.js';
import { Announcer } from './parts/announcer.js';
import { SessionGate } from './session-gate.js';

/** The operators' console: everything below `/console`. */
export function ConsoleApp() {
  const [theme, chooseTheme] = useTheme();
  return (
    <LocationProvider scope="/console">
      <ThemeContext.Provider value={theme}>
        <Announcer>
          <a class="skip" href="#content">
            Skip to the content
          </a>
          <SessionGate theme={theme} onTheme={chooseTheme} />
        </Announcer>
      </ThemeContext.Provider>
    </LocationProvider>
  );
}
