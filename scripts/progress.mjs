/**
 * Shows slow work on a terminal: what it is and for how many seconds it has been running. Where output is not a terminal,
 * a line at its beginning, one every ten seconds, one at its end.
 * The counterpart of the Progress interface in src/trial/progress.ts.
 */

const TERMINAL_TICK_MS = 1_000;
const PLAIN_TICK_MS = 10_000;
/** Work that is done within this time needs no seconds. */
const QUICK_MS = 1_000;

/** @param {NodeJS.WriteStream} output */
export function createProgress(output = process.stdout) {
  const isTerminal = output.isTTY === true;
  let current = null;
  const clear = () => {
    if (isTerminal && current !== null) output.write('\r\x1b[2K');
  };
  const show = () => {
    if (isTerminal && current !== null) {
      output.write(`\r\x1b[2K… ${current.label} (${seconds(current.startedMs)} s)`);
    }
  };
  const note = (text) => {
    clear();
    output.write(`  ${text}\n`);
    show();
  };
  const step = async (label, work) => {
    const startedMs = Date.now();
    current = { label, startedMs };
    if (isTerminal) show();
    else output.write(`… ${label}\n`);
    const timer = setInterval(
      () => (isTerminal ? show() : output.write(`… ${label} (${seconds(startedMs)} s)\n`)),
      isTerminal ? TERMINAL_TICK_MS : PLAIN_TICK_MS,
    );
    const end = (mark) => {
      clearInterval(timer);
      clear();
      current = null;
      const isQuick = Date.now() - startedMs < QUICK_MS;
      output.write(`${mark} ${label}${isQuick ? '' : ` (${seconds(startedMs)} s)`}\n`);
    };
    try {
      const result = await work();
      end('✓');
      return result;
    } catch (error) {
      end('✗');
      throw error;
    }
  };
  return { step, note };
}

function seconds(startedMs) {
  return Math.round((Date.now() - startedMs) / 1_000);
}
