/** What browsers load: the built pages of the console and the demo shop, and the browser client. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { Router } from 'express';
import { DomainError } from '../domain/errors.js';
import { pageHeaders } from './middleware/security-headers.js';

/** The same place from the sources and from what is compiled of them. */
const BUILT = fileURLToPath(new URL('../../dist/', import.meta.url));

/** The names of assets hold a hash of their content. */
const ASSETS_MAX_AGE_MS = 31_536_000_000;

/**
 * One page with its assets. Every address below it that is no file is the page: it reads the address itself.
 * Mounted where the page was built for.
 * @param built folder of what was built
 */
export function pageRoutes(page: 'console' | 'shop', built = BUILT): Router {
  const folder = join(built, 'pages', page);
  const index = join(folder, 'index.html');
  const router = Router();
  router.use(pageHeaders());
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), {
      index: false,
      redirect: false,
      immutable: true,
      maxAge: ASSETS_MAX_AGE_MS,
    }),
  );
  router.get('/{*address}', (request, response, next) => {
    if (request.path.startsWith('/assets/') || request.accepts('html') === false) next();
    else if (!existsSync(index)) next(notBuilt());
    // By its folder: of a whole path no part may begin with a dot, and people install below such folders.
    else
      response
        .setHeader('Cache-Control', 'no-cache')
        .sendFile('index.html', { root: folder, cacheControl: false });
  });
  return router;
}

/** The browser client as one module, for pages that do not build it in. Pages of any origin may load it. */
export function clientRoutes(): Router {
  const router = Router();
  router.use('/client', (_request, response, next) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    next();
  });
  router.use('/client', express.static(join(BUILT, 'client'), { index: false, redirect: false }));
  return router;
}

function notBuilt(): DomainError {
  return new DomainError('unavailable', 'The page is not built: run `npm run build`.');
}
