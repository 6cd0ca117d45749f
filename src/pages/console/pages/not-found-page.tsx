import { PageHeading } from '../parts/page-heading.js';

export function NotFoundPage() {
  return (
    <>
      <PageHeading title="There is no such page" />
      <p>
        <a href="/console">To the overview</a>
      </p>
    </>
  );
}
