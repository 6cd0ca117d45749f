/** The focus never falls out of the page because what had it went away. */

/**
 * When what has the focus within the element is taken off the page, such as the button of an action that is done, the
 * nearest `[tabindex="-1"]` around its place takes the focus, and the page's heading where there is none nearer than
 * the element. Without it keyboards and screen readers begin at the top of the document again.
 * @returns what ends it
 */
export function keepFocusWithin(element: HTMLElement): () => void {
  let focused: Element | null = null;
  const note = ({ target }: FocusEvent) => {
    focused = target instanceof Element ? target : null;
  };
  const observer = new MutationObserver((records) => {
    if (focused === null || focused.isConnected) return;
    const lost = focused;
    focused = null;
    // Whatever has the focus by now was given it on purpose.
    if (document.activeElement !== document.body) return;
    const record = records.find(({ removedNodes }) =>
      [...removedNodes].some((node) => node.contains(lost)),
    );
    placeOf(record?.target ?? element, element)?.focus({ preventScroll: true });
  });
  element.addEventListener('focusin', note);
  observer.observe(element, { childList: true, subtree: true });
  return () => {
    element.removeEventListener('focusin', note);
    observer.disconnect();
  };
}

function placeOf(emptied: Node, within: HTMLElement): HTMLElement | null {
  const near =
    emptied instanceof Element && emptied.isConnected
      ? emptied.closest<HTMLElement>('[tabindex="-1"]')
      : null;
  if (near !== null && near !== within && within.contains(near)) return near;
  return within.querySelector<HTMLElement>('h1');
}
