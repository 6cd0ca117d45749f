/** Every alert has a runbook that says what to do, and the API serves it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { securityHeaders } from '../../src/api/middleware/security-headers.js';
import { runbookRoutes } from '../../src/api/runbook.routes.js';
import { ANOMALY_GUIDES, runbookName, runbookPath } from '../../src/domain/anomaly-guide.js';
import { ANOMALY_KINDS } from '../../src/domain/audit.js';
import { DomainError } from '../../src/domain/errors.js';

const FOLDER = new URL('../../docs/runbooks/', import.meta.url);
const INDEX = 'README';
/** What the Prometheus rules point to. */
const RULES = [
  ...['callbacks-failing', 'gateway-slow', 'api-errors', 'service-down'],
  ...['oldest-open-order', 'database-slow'],
];
const SECTIONS = ['Look here first', 'What to do', 'When it is over', 'Do not'];

const names = readdirSync(FOLDER).map((file) => file.replace(/\.md$/, ''));
const runbooks = names.filter((name) => name !== INDEX);
const textOf = (name: string) => readFileSync(new URL(`${name}.md`, FOLDER), 'utf8');

const app = express()
  .use(securityHeaders(), runbookRoutes())
  .use(((error, _request, response, _next) => {
    response.status(error instanceof DomainError ? 404 : 500).end();
  }) satisfies express.ErrorRequestHandler);

describe('runbooks', () => {
  it('when there is an alert, then there is a runbook, and no other', () => {
    expect([...runbooks].sort()).toEqual([...ANOMALY_KINDS.map(runbookName), ...RULES].sort());
  });

  it.each(ANOMALY_KINDS)(
    'when %s is told, then its runbook has the same title and severity',
    (kind) => {
      const { title, severity } = ANOMALY_GUIDES[kind];
      const [heading, , tag] = textOf(runbookName(kind)).split('\n');
      expect(heading).toBe(`# ${title}`);
      expect(tag).toBe(`Anomaly \`${kind}\` · ${severity}`);
    },
  );

  it.each(runbooks)(
    'when %s is opened, then it answers all questions of the night, on one page',
    (name) => {
      const text = textOf(name);
      expect(text).toContain('**Is money at risk?** ');
      expect(text.match(/^## .*/gm)).toEqual(SECTIONS.map((section) => `## ${section}`));
      expect(text.split('\n').length).toBeLessThan(70);
    },
  );

  it.each(names)('when a link of %s is followed, then there is a page', (name) => {
    for (const [, target = ''] of textOf(name).matchAll(/\]\(([^)]*)\)/g)) {
      expect(target).toMatch(/^[a-z-]+\.md$/);
      expect(existsSync(new URL(target, FOLDER)), target).toBe(true);
    }
  });

  it('when a runbook is added, then the index links it', () => {
    for (const name of runbooks) expect(textOf(INDEX)).toContain(`](${name}.md)`);
  });
});

describe('the pages', () => {
  it.each(['/docs/runbooks', '/docs/runbooks/', ...ANOMALY_KINDS.map(runbookPath)])(
    'when %s is asked for, then it is a page without scripts that loads nothing',
    async (path) => {
      const answer = await request(app)
        .get(path)
        .expect(200)
        .expect('Content-Type', /^text\/html/);
      expect(answer.headers['content-security-policy']).toMatch(
        /default-src 'none'.*frame-ancestors 'none'/,
      );
      expect(answer.text).toContain('<h1>');
      expect(answer.text).not.toMatch(
        /<script|<img|<link(?! rel="icon" href="data:,">)|\son[a-z]+=|javascript:/i,
      );
    },
  );

  it.each(names)(
    'when a link on the page of %s is followed, then it is a page too',
    async (name) => {
      const { text } = await request(app).get(`/docs/runbooks/${name}`).expect(200);
      const targets = [...text.matchAll(/<a href="([^"]*)"/g)].map(([, target = '']) => target);
      expect(targets.length).toBeGreaterThan(0);
      for (const target of targets.filter((one) => one !== '/console')) {
        expect(target).toMatch(/^\/docs\/runbooks\//);
        await request(app).get(target).expect(200);
      }
    },
  );

  it.each(['nothing', '..%2Foperations', 'README.md', '%00', '__proto__'])(
    'when %s is asked for, then there is none',
    async (name) => {
      await request(app).get(`/docs/runbooks/${name}`).expect(404);
    },
  );

  it('when the image is made, then the runbooks are in it', () => {
    const root = new URL('../../', import.meta.url);
    const dockerfile = readFileSync(new URL('Dockerfile', root), 'utf8');
    const ignored = readFileSync(new URL('.dockerignore', root), 'utf8');
    expect(dockerfile).toContain('COPY docs/runbooks ./docs/runbooks');
    expect(ignored.split('\n')).toContain('!docs/runbooks');
  });
});
