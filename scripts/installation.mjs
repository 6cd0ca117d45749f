/** Node itself and what npm installs. Needs nothing installed. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runTool, ToolFailed } from './run-tool.mjs';

export const projectFolder = fileURLToPath(new URL('..', import.meta.url));

/** Ends the process with one line when this Node is older than package.json asks for. */
export function requireNode() {
  const { engines } = readJson('package.json');
  const wanted = engines.node.replace('>=', '').split('.').map(Number);
  const present = process.versions.node.split('.').map(Number);
  const difference = wanted.map((part, index) => present[index] - part).find((d) => d !== 0) ?? 0;
  if (difference >= 0) return;
  process.stderr.write(
    `Node ${wanted.join('.')} or newer is needed, this is ${process.versions.node}: install the current LTS version.\n`,
  );
  process.exit(1);
}

/** Runs `npm ci` unless what is installed is what package-lock.json says. */
export async function installWhenStale(progress) {
  if (isInstalled()) return;
  const npm = process.env.npm_execpath;
  const [program, first] =
    npm === undefined
      ? [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
      : [process.execPath, [npm]];
  const args = [...first, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    await progress.step('Installing packages (npm ci)', () =>
      runTool(program, args, { cwd: projectFolder }),
    );
  } catch (error) {
    if (!(error instanceof ToolFailed)) throw error;
    process.stderr.write(
      `${error.message}\nnpm ci failed: check the network and the registry of your npm.\n`,
    );
    process.exit(1);
  }
}

/** npm writes down what it has installed when it has finished; packages for other platforms are missing from it. */
function isInstalled() {
  try {
    const wanted = Object.entries(readJson('package-lock.json').packages);
    const present = readJson('node_modules/.package-lock.json').packages;
    return wanted.every(([path, entry]) => {
      if (path === '' || entry.optional || entry.devOptional || entry.peer) return true;
      return present[path]?.version === entry.version;
    });
  } catch {
    return false;
  }
}

function readJson(path) {
  return JSON.parse(readFileSync(`${projectFolder}/${path}`, 'utf8'));
}
