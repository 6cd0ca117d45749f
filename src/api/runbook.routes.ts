/** The runbooks as pages: our own files, rendered once, so that an alert's link works where the API does. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RequestHandler, Router } from 'express';
import { marked } from 'marked';
import { DomainError } from '../domain/errors.js';
import { documentationHeaders } from './middleware/security-headers.js';

/** The same place from the sources and from what is compiled of them. */
const RUNBOOKS = fileURLToPath(new URL('../../docs/runbooks/', import.meta.url));
const INDEX = 'README';

/** `/docs/runbooks/` and one page for each runbook. An installation without the files answers 404. */
export function runbookRoutes(): Router {
  const pages = renderRunbooks();
  const show: RequestHandler = ({ params }, response) => {
    const { name = INDEX } = params;
    const page = typeof name === 'string' ? pages.get(name) : undefined;
    if (page === undefined) throw new DomainError('not_found', 'There is no such runbook.');
    response.setHeader('Cache-Control', 'no-cache');
    response.type('html').send(page);
  };
  const router = Router();
  router.use('/docs/runbooks', documentationHeaders());
  router.get('/docs/runbooks', show);
  router.get('/docs/runbooks/:name', show);
  return router;
}

function renderRunbooks(): ReadonlyMap<string, string> {
  const files = existsSync(RUNBOOKS) ? readdirSync(RUNBOOKS) : [];
  return new Map(
    files
      .filter((file) => file.endsWith('.md'))
      .map((file) => {
        const text = readFileSync(join(RUNBOOKS, file), 'utf8');
        return [basename(file, '.md'), pageOf(text)];
      }),
  );
}

function pageOf(text: string): string {
  const title = /^# (.*)$/m.exec(text)?.[1] ?? 'Runbook';
  // In the files pages refer to each other by their file names, so that the links also work where they are edited.
  const html = marked
    .parse(text, { async: false })
    .replace(/href="([a-z-]+)\.md"/g, 'href="/docs/runbooks/$1"')
    .replace(/<(pre|table)>/g, '<div class="wide" tabindex="0"><$1>')
    .replace(/<\/(pre|table)>/g, '</$1></div>');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Runbooks</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<nav><a href="/docs/runbooks/">All runbooks</a> <a href="/console">Console</a></nav>
<main>
${html}</main>
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.55 system-ui, sans-serif; background: light-dark(#ffffff, #14171c); color: light-dark(#1b1f24, #e6e9ee); }
body { max-width: 46rem; margin: 0 auto; padding: 1rem 1rem 4rem; overflow-wrap: break-word; }
nav { display: flex; gap: 1.25rem; font-size: 0.9rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.25rem 0 0.25rem; }
h1 + p { margin-top: 0; opacity: 0.75; }
h2 { font-size: 1.15rem; margin: 1.75rem 0 0.5rem; }
a { color: light-dark(#0b57d0, #a8c7fa); }
code { font: 0.9em/1.45 ui-monospace, monospace; }
:not(pre) > code { background: light-dark(#eceff3, #2b3038); border-radius: 0.25rem; padding: 0.1em 0.3em; }
.wide { overflow-x: auto; margin: 0.75rem 0; border-radius: 0.5rem; }
pre { width: max-content; min-width: 100%; box-sizing: border-box; margin: 0; padding: 0.75rem 1rem; background: light-dark(#eceff3, #22262d); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid light-dark(#d5dae1, #3a414b); }
blockquote { margin: 1rem 0; padding: 0.25rem 1rem; border-left: 0.25rem solid light-dark(#b3261e, #f2b8b5); }
li { margin: 0.35rem 0; }
`;
