import { PassedOver } from './ladder.js';

const CONNECT_TIMEOUT_MS = 4_000;

/**
 * Asks whether a download site can be reached, before a library is let loose on it that may wait for minutes. Behind a
 * proxy nothing is asked: the libraries know their way through it, this call does not.
 * @throws {PassedOver} when it cannot be reached
 */
export async function probeDownloadSite(url: string, env: NodeJS.ProcessEnv): Promise<void> {
  if (env.HTTPS_PROXY || env.https_proxy) return;
  try {
    await fetch(url, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS),
    });
  } catch (error) {
    throw new PassedOver(`${new URL(url).host} cannot be reached`, { cause: error });
  }
}
