/** Compiles src/ to dist/, with the workflow bundle, whenever something it is made from has changed. */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { projectFolder } from './installation.mjs';
import { runTool, ToolFailed } from './run-tool.mjs';

const STAMP = 'build-stamp';
const OTHER_SOURCES = [
  'tsconfig.json',
  'tsconfig.build.json',
  'tsconfig.client.json',
  'package-lock.json',
  'scripts/build-pages.mjs',
];
/** What browsers load is made by a build of its own. */
const BROWSER_FOLDERS = ['client', 'pages'];

/** Builds unless dist/ was made from these very sources. Ends the process with the compiler's words when it fails. */
export async function buildWhenStale(progress) {
  const stamp = sourcesHash();
  if (readStamp() === stamp) return;
  try {
    await build(progress, stamp);
  } catch (error) {
    if (!(error instanceof ToolFailed)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** Everything is made beside dist/ and takes its place at the end: processes that run from it never see half of one. */
async function build(progress, stamp) {
  const making = join(projectFolder, `dist.making-${process.pid}`);
  const replaced = join(projectFolder, `dist.replaced-${process.pid}`);
  const node = (script, ...args) =>
    runTool(process.execPath, [join(projectFolder, script), ...args], { cwd: projectFolder });
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making);
  try {
    await progress.step('Compiling', () =>
      node(
        'node_modules/typescript/bin/tsc',
        '-p',
        'tsconfig.build.json',
        '--outDir',
        making,
        '--incremental',
        'false',
        '--tsBuildInfoFile',
        'null',
      ),
    );
    copyOtherFiles(making);
    await progress.step('Building the pages', async () => {
      await node('scripts/build-pages.mjs', making);
      const compiler = 'node_modules/typescript/bin/tsc';
      await node(compiler, '-p', 'tsconfig.client.json', '--outDir', making);
    });
    await progress.step('Bundling the workflows', () =>
      node('scripts/build-workflow-bundle.mjs', join(making, 'workflow-bundle.js')),
    );
    writeFileSync(join(making, STAMP), stamp);
    putInPlace(making, replaced);
  } finally {
    rmSync(making, { recursive: true, force: true });
    rmSync(replaced, { recursive: true, force: true });
  }
}

function putInPlace(making, replaced) {
  const dist = join(projectFolder, 'dist');
  try {
    if (existsSync(dist)) renameSync(dist, replaced);
    renameSync(making, dist);
  } catch (error) {
    // Somebody else who builds at the same time was faster; then theirs serves as well.
    if (!existsSync(join(dist, STAMP))) throw error;
  }
}

/** Files of the simulator's pages and others that are no TypeScript are taken over as they are. */
function copyOtherFiles(making) {
  const browserFolders = BROWSER_FOLDERS.map((name) => join(projectFolder, 'src', name));
  cpSync(join(projectFolder, 'src'), making, {
    recursive: true,
    filter: (path) => !path.endsWith('.ts') && !browserFolders.includes(path),
  });
}

function readStamp() {
  try {
    return readFileSync(join(projectFolder, 'dist', STAMP), 'utf8');
  } catch {
    return null;
  }
}

/** Of the contents, not of the times: a checkout gives every file a new time. */
function sourcesHash() {
  const sources = readdirSync(join(projectFolder, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(projectFolder, join(entry.parentPath, entry.name)))
    .sort();
  const hash = createHash('sha256');
  for (const path of [...sources, ...OTHER_SOURCES]) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(projectFolder, path)))
      .update('\0');
  }
  return hash.digest('hex');
}
