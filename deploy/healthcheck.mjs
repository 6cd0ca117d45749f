/** Exits with 0 when an address answers well. Argument: the address; without one /livez on METRICS_PORT. */
const TIMEOUT_MS = 4_000;
const [address = `http://127.0.0.1:${process.env.METRICS_PORT ?? '9464'}/livez`] =
  process.argv.slice(2);

try {
  const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const body = await response.text();
  if (!response.ok) process.stderr.write(`${response.status} ${body}\n`);
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  process.stderr.write(`${address}: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
