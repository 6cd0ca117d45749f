/** A newcomer finds every folder and every document from the README. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ANOMALY_KINDS } from '../../src/domain/audit.js';
import { REVIEW_REASONS } from '../../src/domain/order.js';

const root = new URL('../../', import.meta.url);
const readme = existsSync(new URL('README.md', root))
  ? readFileSync(new URL('README.md', root), 'utf8')
  : '';

const foldersIn = (path: string) =>
  readdirSync(new URL(path, root), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** The section with this heading, up to the next one. */
function section(text: string, heading: string): string {
  return text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
}

const unnamed = (text: string, names: readonly string[]) =>
  names.filter((name) => !section(text, 'Where things are').includes(`\`${name}\``));

const textOf = (path: string) => readFileSync(new URL(path, root), 'utf8');

describe('README', () => {
  it('when src has a folder, then "Where things are" says what it holds', () => {
    const folders = foldersIn('src').map((name) => `src/${name}`);
    expect(folders).toContain('src/workflows');
    expect(unnamed(readme, folders)).toEqual([]);
  });

  it('when a folder of src has folders for parts of it, then they are named too', () => {
    expect(unnamed(readme, foldersIn('src/gateway'))).toEqual([]);
  });

  it('when it links to a file of the project, then the file is there', () => {
    const targets = [...readme.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(
      ([, path]) => path ?? '',
    );
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  });

  it('when a document is added to docs, then it is linked', () => {
    const documents = readdirSync(new URL('docs', root)).filter((name) => name.endsWith('.md'));
    expect(documents.filter((name) => !readme.includes(`(docs/${name})`))).toEqual([]);
  });

  it('when a folder is left out, then that is found', () => {
    const text = '# A\n\n## Where things are\n\n| `src/a` | x |\n\n## Others\n\n`src/b`\n';
    expect(unnamed(text, ['src/a', 'src/b'])).toEqual(['src/b']);
  });
});

describe('docs/operations.md', () => {
  const operations = textOf('docs/operations.md');

  it.each([
    ['Orders in review', REVIEW_REASONS],
    ['Anomalies', ANOMALY_KINDS],
  ])(
    'when a word is added under "%s", then the page says what to do about it',
    (heading, words) => {
      const rows = section(operations, heading)
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map((line) => line.split('|')[1] ?? '');
      const missing = words.filter((word) => !rows.some((cell) => cell.includes(`\`${word}\``)));
      expect(missing).toEqual([]);
    },
  );

  it('when it names a metric, then some process measures it', () => {
    const names = [...operations.matchAll(/\b((?:payments|http_server)_[a-z_]+)/g)].map(
      ([, n]) => n,
    );
    expect(names.length).toBeGreaterThan(5);
    const metrics = textOf('src/metrics.ts');
    expect(names.filter((name) => !metrics.includes(`'${name}'`))).toEqual([]);
  });
});
