/** Calls the console as its pages in a browser do: with the session's cookie and its CSRF token. */
import { expect } from 'vitest';
import type { ConsoleSession } from '../../src/api/console/console-contract.js';
import { type Answer, ApiCaller, type CallOptions } from '../api/api-caller.js';
import { OPS_TOKEN, type RunningApi } from '../api/api-environment.js';
import { checkAnswer } from '../api/openapi-check.js';

export const SAME_ORIGIN = { 'Sec-Fetch-Site': 'same-origin' };

/** Name of the session's cookie where the service is reached by https, as the tests' configuration says. */
export const SESSION_COOKIE = '__Secure-console_session';
/** Where it is reached by plain http: the trial. */
export const PLAIN_SESSION_COOKIE = 'console_session';

/** Name and value of the cookie that an answer sets. */
export function cookieOf({ headers }: Pick<Answer, 'headers'>): string {
  const [pair = ''] = (headers.getSetCookie()[0] ?? '').split(';', 1);
  expect([SESSION_COOKIE, PLAIN_SESSION_COOKIE]).toContain(pair.split('=', 1)[0]);
  return pair;
}

export async function login(
  api: Pick<RunningApi, 'url'>,
  token: string = OPS_TOKEN,
  headers: Readonly<Record<string, string>> = SAME_ORIGIN,
): Promise<Answer> {
  const { call } = new ApiCaller(api.url, '');
  return await call('POST', '/console/session', { body: { token }, headers, credential: null });
}

export class ConsoleCaller {
  constructor(
    readonly url: string,
    readonly cookie: string,
    readonly session: ConsoleSession,
  ) {}

  static async login(api: Pick<RunningApi, 'url'>, token?: string): Promise<ConsoleCaller> {
    const answer = await login(api, token);
    expect(answer.status).toBe(200);
    const session = answer.body as unknown as ConsoleSession;
    return new ConsoleCaller(api.url, cookieOf(answer), session);
  }

  /** Answers of calls that /v1 has as well are held against the OpenAPI document. */
  readonly call = async (
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Answer> => {
    const { call } = new ApiCaller(this.url, '');
    const answer = await call(method, `/console${path}`, {
      credential: null,
      ...options,
      headers: {
        ...SAME_ORIGIN,
        Cookie: this.cookie,
        ...(method === 'GET' ? {} : { 'X-CSRF-Token': this.session.csrfToken }),
        ...options.headers,
      },
    });
    const mediaType = (answer.headers.get('Content-Type') ?? '').split(';', 1)[0] ?? '';
    // That it may not be sent at all is the console's own answer, which /v1 does not have.
    if (answer.body.code !== 'forbidden') checkAnswer({ method, path, mediaType, ...answer });
    return answer;
  };
}
