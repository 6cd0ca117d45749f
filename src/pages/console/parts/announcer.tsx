import { type ComponentChildren, createContext } from 'preact';
import { useCallback, useContext, useState } from 'preact/hooks';

const Announce = createContext<(text: string) => void>(() => {});

/** The one live region. It says what an action led to and what needs a person, and nothing else: figures change silently. */
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

export function useAnnounce(): (text: string) => void {
  return useContext(Announce);
}
