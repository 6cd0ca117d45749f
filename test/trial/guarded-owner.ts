/**
 * Process entry: owns two processes under a guard, prints their ids, and then does nothing. The second one ignores every
 * signal it can.
 */
import { startProcess } from '../../src/trial/managed-process.js';
import { startGuard } from '../../src/trial/process-guard.js';

const guard = startGuard();
const idle = 'setInterval(() => {}, 1000); console.log("running");';
const stubborn = `for (const name of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(name, () => {}); ${idle}`;
for (const script of [idle, stubborn]) {
  const child = await new Promise<{ pid: number }>((resolve, reject) => {
    const started = startProcess(
      { program: process.execPath, args: ['-e', script], env: process.env },
      { guard, onLine: () => void started.then(resolve) },
    );
    started.catch(reject);
  });
  console.log(child.pid);
}
setInterval(() => {}, 1_000);
