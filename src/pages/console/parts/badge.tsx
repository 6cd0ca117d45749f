import type { Words } from '../data/status-words.js';
import { Icon } from './icon.js';

/** A state as mark and word. */
export function Badge({ words }: { readonly words: Words }) {
  return (
    <span class={`badge badge-${words.tone}`}>
      <Icon name={words.icon} />
      {words.label}
    </span>
  );
}
