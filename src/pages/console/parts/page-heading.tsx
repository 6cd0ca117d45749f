import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';

/** Where the focus was moved last, or the page that was loaded first. */
let focusedPath: string | null = null;

interface PageHeadingProps {
  /** Of the document too. */
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** The heading of a page. After navigation it takes the focus, so that keyboards and screen readers go on there. */
export function PageHeading({ title, children }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { path } = useLocation();
  useEffect(() => {
    document.title = `${title} · Payments console`;
  }, [title]);
  useEffect(() => {
    if (focusedPath !== null && focusedPath !== path) heading.current?.focus();
    focusedPath = path;
  }, [path]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children ?? title}
    </h1>
  );
}
