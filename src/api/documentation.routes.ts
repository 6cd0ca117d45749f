import { Router } from 'express';
import swaggerUi from 'swagger-ui-express';
import { ERROR_CODES } from '../domain/errors.js';
import { documentationHeaders } from './middleware/security-headers.js';
import { openApiDocument } from './openapi/document.js';
import { PROBLEM_KINDS } from './problem-kinds.js';

/** The contract as a document, as pages, and the page that every error's `type` points to. */
export function documentationRoutes(): Router {
  const document = openApiDocument();
  const errors = errorsPage();
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    response.json(document);
  });
  router.use('/docs', documentationHeaders());
  router.get('/docs/errors', (_request, response) => {
    response.type('html').send(errors);
  });
  router.use(
    '/docs',
    swaggerUi.serve,
    swaggerUi.setup(document, { customSiteTitle: 'Payment orders API' }),
  );
  return router;
}

/** From our own texts only: nothing of a request is in it. */
function errorsPage(): string {
  const entries = ERROR_CODES.map((code) => {
    const { status, title, explanation } = PROBLEM_KINDS[code];
    const text = explanation.replace(/`([^`]+)`/g, '<code>$1</code>');
    return `<h2 id="${code}"><code>${code}</code> (${status})</h2>\n<p><strong>${title}.</strong> ${text}</p>`;
  });
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Errors of the payment orders API</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.25rem; }
h2:target { background: color-mix(in srgb, gold 40%, transparent); }
p { margin: 0; }
</style>
</head>
<body>
<h1>Errors</h1>
<p>Errors are <code>application/problem+json</code> with a stable <code>code</code>. See also <a href="/docs/">the API</a>.</p>
${entries.join('\n')}
</body>
</html>
`;
}
