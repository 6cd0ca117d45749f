import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';

/** Where the focus was moved last, or the page that was loaded first. */
let focusedPath: string | null = null;

/**
 * The heading of a page. After navigation it takes the focus, so that keyboards and screen readers go on there; the
 * page that was loaded first leaves the focus to the browser, and a title that changes in place leaves it where it is.
 */
export function PageHeading({ title }: { readonly title: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { path } = useLocation();
  useEffect(() => {
    document.title = `${title} · Coffee bar`;
  }, [title]);
  useEffect(() => {
    if (focusedPath !== null && focusedPath !== path) heading.current?.focus();
    focusedPath = path;
  }, [path]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {title}
    </h1>
  );
}
