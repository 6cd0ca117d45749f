/** A source file as the architecture tests see it: its imports, functions and a few constructs, read by the compiler. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface SourceFile {
  /** From the folder src, with forward slashes: `api/app.ts`. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  /** Path from the folder src for files of the project, otherwise the module's name. */
  readonly target: string;
  readonly isOfProject: boolean;
  /** Only `import type`: an import of nothing but `type` names still loads the module when it runs. */
  readonly isTypeOnly: boolean;
}

export interface LongFunction {
  readonly line: number;
  readonly lineCount: number;
  /** The comment before it, or before the statement that it is part of. */
  readonly comment: string;
}

const SOURCE_FOLDER = fileURLToPath(new URL('../../src', import.meta.url));

/** All of src. */
export function readSourceFiles(): readonly SourceFile[] {
  return readdirSync(SOURCE_FOLDER, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(`${SOURCE_FOLDER}/${path}`, 'utf8') }));
}

/** Static, dynamic and type imports, and exports from elsewhere. */
export function importsOf(file: SourceFile): readonly Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, isTypeOnly: boolean) => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) {
      found.push({ ...targetOf(file, specifier.text), isTypeOnly });
    }
  };
  visit(parse(file), (node) => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    } else if (ts.isCallExpression(node) && isLoadingCall(node)) add(node.arguments[0], false);
  });
  return found;
}

/** Functions of more lines than allowed. */
export function longFunctionsOf(file: SourceFile, linesMax: number): readonly LongFunction[] {
  const source = parse(file);
  const found: LongFunction[] = [];
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  visit(source, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return;
    const line = lineOf(node.getStart(source));
    const lineCount = lineOf(node.getEnd()) - line + 1;
    if (lineCount > linesMax) found.push({ line, lineCount, comment: commentBefore(node, source) });
  });
  return found;
}

/** `export default`, and `export *`, which hides what a file offers. */
export function unnamedExportsOf(file: SourceFile): readonly string[] {
  const found: string[] = [];
  visit(parse(file), (node) => {
    if (ts.isExportAssignment(node)) found.push('export default');
    if (ts.isExportDeclaration(node) && node.exportClause === undefined) found.push('export *');
    if (ts.canHaveModifiers(node) && ts.getCombinedModifierFlags(node as ts.Declaration) !== 0) {
      const modifiers = ts.getModifiers(node) ?? [];
      if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) {
        found.push('export default');
      }
    }
  });
  return found;
}

/** `process.env` in whatever spelling. */
export function readsEnvironment(file: SourceFile): boolean {
  let reads = false;
  visit(parse(file), (node) => {
    const isProcess = (part: ts.Node) => ts.isIdentifier(part) && part.text === 'process';
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'env') {
      reads ||= isProcess(node.expression);
    }
    if (ts.isElementAccessExpression(node) && isProcess(node.expression)) reads = true;
    if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
      reads ||= node.initializer !== undefined && isProcess(node.initializer);
    }
  });
  return reads || importsOf(file).some(({ target }) => /^(node:)?process$/.test(target));
}

function targetOf(file: SourceFile, specifier: string): Omit<Import, 'isTypeOnly'> {
  if (!specifier.startsWith('.')) return { target: specifier, isOfProject: false };
  const written = posix.join(posix.dirname(file.path), specifier);
  const path = written.replace(/\.js$/, '.ts');
  const isJsx = path !== written && existsSync(`${SOURCE_FOLDER}/${path}x`);
  return { target: isJsx ? `${path}x` : path, isOfProject: true };
}

function isLoadingCall({ expression }: ts.CallExpression): boolean {
  return (
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === 'require')
  );
}

function commentBefore(node: ts.Node, source: ts.SourceFile): string {
  let statement = node;
  while (statement.parent !== undefined && !ts.isStatement(statement)) {
    if (ts.isClassElement(statement)) break;
    statement = statement.parent;
  }
  return [node, statement].map((part) => leadingComment(part, source)).join('\n');
}

function leadingComment(node: ts.Node, source: ts.SourceFile): string {
  const ranges = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
  return ranges.map(({ pos, end }) => source.text.slice(pos, end)).join('\n');
}

function parse(file: SourceFile): ts.SourceFile {
  return ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2023, true);
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}
