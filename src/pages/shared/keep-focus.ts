/** The focus never falls out of the page because what had it went away. */

/**
 * When what has the focus within the element is taken off the page, such as the button of an action that is done, the
 * nearest `[tabindex="-1"]` around its place takes the focus, and the page's heading where there is none nearer than
 * the element. Without it keyboards and screen readers begin at the top of the document again.
 * @returns what ends it
 */
export function keepFocusWithin(element: HTMLElement): () => void {
  let focused: HTMLElement | null = null;
  const note = ({ target }: FocusEvent) => {
    focused = target instanceof HTMLElement ? target : null;
  };
  const observer = new MutationObserver((records) => {
    // Whatever has the focus by now was given it on purpose.
    if (focused === null || document.activeElement !== document.body) return;
    const lost = focused;
    const taken = records.find(({ removedNodes }) =>
      [...removedNodes].some((node) => node.contains(lost)),
    );
    if (taken === undefined) return;
    // A list in another order takes its items off the page and puts them back.
    const next = lost.isConnected ? lost : placeOf(taken.target, element);
    next?.focus({ preventScroll: true });
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
