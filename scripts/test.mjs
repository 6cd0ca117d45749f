/**
 * `npm test`: installs, builds and gets the components, then runs the tests. Further arguments go to vitest. Ends with a
 * line of passed, failed and skipped.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWhenStale } from './compilation.mjs';
import { installWhenStale, projectFolder, requireNode } from './installation.mjs';
import { createProgress } from './progress.mjs';

requireNode();
const progress = createProgress();
await installWhenStale(progress);
await buildWhenStale(progress);
await prepareComponents();

const folder = mkdtempSync(join(tmpdir(), 'test-report-'));
const report = join(folder, 'report.json');
try {
  const code = await runVitest(process.argv.slice(2));
  const counts = countResults();
  process.stdout.write(
    `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
  );
  process.exitCode = code === 0 && counts.failed > 0 ? 1 : code;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function prepareComponents() {
  const { prepareTestComponents } = await import('../dist/trial/test-components.js');
  try {
    await prepareTestComponents(progress);
  } catch (error) {
    if (error.name !== 'TrialError') throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

async function runVitest(args) {
  const vitest = join(projectFolder, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...args], {
    cwd: projectFolder,
    stdio: 'inherit',
  });
  // The terminal sends Ctrl-C to both; this process waits until vitest has cleaned up.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGTERM'));
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** A file that could not even be loaded has no tests, and is a failure all the same; so is a run without a report. */
function countResults() {
  try {
    const results = JSON.parse(readFileSync(report, 'utf8'));
    const unloaded = results.testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
    );
    return {
      passed: results.numPassedTests,
      failed: results.numFailedTests + unloaded.length,
      skipped: results.numPendingTests + results.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
