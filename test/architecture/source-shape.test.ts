/** Sizes, exports, the environment, dependencies: what a reader of src may rely on. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { VARIABLES } from '../../src/config/variables.js';
import {
  importsOf,
  longFunctionsOf,
  readSourceFiles,
  readsEnvironment,
  type SourceFile,
  unnamedExportsOf,
} from './source-file.js';

const FILE_LINES_MAX = 250;
const FUNCTION_LINES_MAX = 50;
/** Where the reason for a long file has to stand. */
const TOP_LINES = 15;

const ENVIRONMENT_READERS =
  /^(config\/|trial\/|(demo|bench|chaos)\/main\.ts$|audit\/(export|verify)\.ts$|(deployment|recovery|schedule-lab)\/main\.ts$|(server|worker|simulator)\.ts$)/;
/** Not part of what runs in production; pages are built into files before. */
const DEVELOPMENT_ONLY = /^(trial|demo|bench|chaos|pages|simulation)\//;

const files = readSourceFiles();

function tooLong(file: SourceFile): readonly string[] {
  const lines = file.text.trimEnd().split('\n');
  const reason = `Over ${FILE_LINES_MAX} lines because`;
  return lines.length <= FILE_LINES_MAX ||
    lines.slice(0, TOP_LINES).some((line) => line.includes(reason))
    ? []
    : [`${file.path} has ${lines.length} lines and no comment "${reason} …" near its top`];
}

function tooLongFunctions(file: SourceFile): readonly string[] {
  const reason = `Over ${FUNCTION_LINES_MAX} lines because`;
  return longFunctionsOf(file, FUNCTION_LINES_MAX)
    .filter(({ comment }) => !comment.includes(reason))
    .map(
      ({ line, lineCount }) =>
        `${file.path}:${line} is a function of ${lineCount} lines without a comment "${reason} …"`,
    );
}

function undeclaredPackages(
  checked: readonly SourceFile[],
  dependencies: readonly string[],
): readonly string[] {
  const missing = checked.flatMap((file) =>
    importsOf(file)
      .filter(({ isOfProject, isTypeOnly }) => !isOfProject && !isTypeOnly)
      .map(({ target }) => target)
      .filter((target) => !target.startsWith('node:'))
      .map((target) => /^(@[^/]+\/)?[^/]+/.exec(target)?.[0] ?? target)
      .filter((name) => !dependencies.includes(name)),
  );
  return [...new Set(missing)];
}

describe('src', () => {
  it('when a file grows past 250 lines, then it says why near its top', () => {
    expect(files.flatMap(tooLong)).toEqual([]);
  });

  it('when a function grows past 50 lines, then a comment above it says why', () => {
    expect(files.flatMap(tooLongFunctions)).toEqual([]);
  });

  it('when something is exported, then by its name', () => {
    const unnamed = files.flatMap((file) =>
      unnamedExportsOf(file).map((found) => `${file.path}: ${found}`),
    );
    expect(unnamed).toEqual([]);
  });

  it('when the environment is read, then in the configuration and the process entries alone', () => {
    const readers = files.filter(readsEnvironment).map(({ path }) => path);
    expect(readers.filter((path) => !ENVIRONMENT_READERS.test(path))).toEqual([]);
    expect(readers).toEqual(expect.arrayContaining(['server.ts', 'worker.ts']));
  });

  it('when only production dependencies are installed, then what runs in production finds its packages', () => {
    const { dependencies } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { dependencies: Record<string, string> };
    const shipped = files.filter(({ path }) => !DEVELOPMENT_ONLY.test(path));
    expect(undeclaredPackages(shipped, Object.keys(dependencies))).toEqual([]);
  });

  it('when a variable is in the schema, then something reads its value', () => {
    const readers = files
      .filter(
        ({ path }) => !/^config\/(variables|configuration-docs|other-variables)\.ts$/.test(path),
      )
      .map(({ text }) => text)
      .join('\n');
    const unread = Object.keys(VARIABLES).filter((name) => !readers.includes(name));
    // The file variants of the keys are composed from the names of the keys.
    expect(unread.filter((name) => !name.endsWith('_KEY_FILE'))).toEqual([]);
  });
});

describe('the rules themselves', () => {
  const lines = (count: number) => Array.from({ length: count }, () => '  step();').join('\n');
  const file = (text: string, path = 'api/x.ts'): SourceFile => ({ path, text });

  it('when a file has 251 lines and no reason, then it is found', () => {
    expect(tooLong(file(lines(250)))).toEqual([]);
    expect(tooLong(file(lines(251)))).toHaveLength(1);
    expect(tooLong(file(`// Over 250 lines because it is a table.\n${lines(251)}`))).toEqual([]);
  });

  it.each([
    ['function', (body: string) => `export async function run() {\n${body}\n}`],
    ['arrow function', (body: string) => `export const run = () => {\n${body}\n};`],
    ['method', (body: string) => `export class A {\n  b = 1;\n\n  run() {\n${body}\n  }\n}`],
    ['nested function', (body: string) => `const a = { b: [function () {\n${body}\n}] };`],
  ])('when a %s has 51 lines and no reason, then it is found', (_kind, wrap) => {
    expect(tooLongFunctions(file(wrap(lines(48))))).toEqual([]);
    expect(tooLongFunctions(file(wrap(lines(49))))).toHaveLength(1);
  });

  it('when the reason stands above a long function, then it may be long, and no other', () => {
    const long = `function a() {\n${lines(60)}\n}\n`;
    const excused = `/** Does it.\n * Over 50 lines because it is a table. */\n${long}`;
    expect(tooLongFunctions(file(excused))).toEqual([]);
    expect(tooLongFunctions(file(excused + long))).toHaveLength(1);
  });

  it.each([
    'export default class A {}',
    'export default function () {}',
    'const a = 1;\nexport default a;',
    "export * from './y.js';",
  ])('when a file holds `%s`, then it is found', (text) => {
    expect(unnamedExportsOf(file(text))).toHaveLength(1);
    expect(unnamedExportsOf(file("export const a = 1;\nexport { b } from './b.js';"))).toEqual([]);
  });

  it.each([
    'const a = process.env.A;',
    "const a = process['env'].A;",
    'const { env } = process;',
    "import { env } from 'node:process';",
  ])('when a file holds `%s`, then it reads the environment', (text) => {
    expect(readsEnvironment(file(text))).toBe(true);
    expect(readsEnvironment(file('const a = workspace.environment;'))).toBe(false);
  });

  it('when a package is not declared, then it is found, and types need none', () => {
    const imports = "import { a } from '@b/c/d';\nimport type { e } from 'e';\nimport 'node:fs';";
    expect(undeclaredPackages([file(imports)], [])).toEqual(['@b/c']);
    expect(undeclaredPackages([file(imports)], ['@b/c'])).toEqual([]);
  });
});
