import { ConsoleCaller, SAME_ORIGIN } from '../console/console-caller.js';

/** The headers with which a page of the console sends, of a session of its own. */
export async function consoleHeaders(api: {
  readonly url: string;
}): Promise<readonly (readonly [string, string])[]> {
  const { cookie, session } = await ConsoleCaller.login(api);
  return [['Cookie', cookie], ['X-CSRF-Token', session.csrfToken], ...Object.entries(SAME_ORIGIN)];
}
