/** The one live region of the page. What people see stands elsewhere; here it is said once. */

import type { ComponentChildren } from 'preact';
import { createContext } from 'preact';
import { useCallback, useContext, useState } from 'preact/hooks';

const Announce = createContext<(text: string) => void>(() => {});

export function Announcer({ children }: { readonly children: ComponentChildren }) {
  const [text, setText] = useState('');
  const announce = useCallback((next: string) => setText(next), []);
  return (
    <Announce.Provider value={announce}>
      {children}
      <div role="status" class="visually-hidden">
        {text}
      </div>
    </Announce.Provider>
  );
}

/** The same text twice in a row is said once. */
export function useAnnounce(): (text: string) => void {
  return useContext(Announce);
}
