import type { Theme } from '../data/use-theme.js';
import { Icon } from './icon.js';

interface ThemeSwitchProps {
  readonly theme: Theme;
  readonly onChange: (theme: Theme) => void;
}

/** Dark or light; until it is used the system decides. */
export function ThemeSwitch({ theme, onChange }: ThemeSwitchProps) {
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="plain"
      title={`Switch to ${other}`}
      aria-label={`Switch to ${other} colours`}
      onClick={() => onChange(other)}
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}
