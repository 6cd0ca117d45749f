import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { keepFocusWithin } from './keep-focus.js';

interface KeptFocusProps {
  readonly id: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** The `main` of a page; what has the focus in it may go away without the focus being lost. */
export function KeptFocus({ children, ...attributes }: KeptFocusProps) {
  const main = useRef<HTMLElement>(null);
  useEffect(() => (main.current === null ? undefined : keepFocusWithin(main.current)), []);
  return (
    <main ref={main} tabIndex={-1} {...attributes}>
      {children}
    </main>
  );
}
