import type { ComponentChildren } from 'preact';

/** What will be here, where nothing is yet. */
export function EmptyState({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}
