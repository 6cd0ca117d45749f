/** Logging out: the session ends at every process, its streams with it, and nobody is let in unless that is known. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SESSION_LENGTH_MS } from '../../src/api/console/console-sessions.js';
import type { ApiPorts, RunningApi } from '../api/api-environment.js';
import { eventually } from '../support/eventually.js';
import { ConsoleCaller, cookieOf, login } from './console-caller.js';
import { readEvents } from './event-reader.js';
import { type RecordStage, recordStage } from './record-api.js';

type EndedSessions = ApiPorts['endedSessions'];

let stage: RecordStage;

beforeAll(async () => {
  stage = await recordStage();
});

afterAll(async () => await stage.close());

const away = async () => await Promise.reject(new Error('MongoDB is away'));
const silent = async () => await new Promise<never>(() => {});

/** An API whose MongoDB does not tell about ended sessions as it should. */
async function startWith(changes: Partial<EndedSessions>): Promise<RunningApi> {
  const { endedSessions } = stage.database.stores;
  const real: EndedSessions = {
    add: async (id, expiresAt) => await endedSessions.add(id, expiresAt),
    among: async (ids) => await endedSessions.among(ids),
  };
  return await stage.start({}, { endedSessions: { ...real, ...changes } });
}

describe('a session that was left', () => {
  it('when several processes are asked, then it has ended at all of them, and other sessions go on', async () => {
    const [one, other] = [await stage.start(), await stage.start()];
    const leaving = await ConsoleCaller.login(one);
    const staying = await ConsoleCaller.login(one);
    expect((await leaving.call('DELETE', '/session')).status).toBe(204);
    for (const { url } of [one, other]) {
      const left = new ConsoleCaller(url, leaving.cookie, leaving.session);
      const answer = await left.call('GET', '/overview');
      expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
      const going = new ConsoleCaller(url, staying.cookie, staying.session);
      expect((await going.call('GET', '/overview')).status).toBe(200);
    }
  });

  it('when it would be over by itself, then MongoDB forgets it an hour later', async () => {
    const loggedInAtMs = Date.now();
    const api = await stage.start({ now: () => loggedInAtMs });
    const operator = await ConsoleCaller.login(api);
    await operator.call('DELETE', '/session');
    const collection = stage.database.connection.collection('ended_sessions');
    const stored = await collection.findOne({
      expiresAt: new Date(loggedInAtMs + SESSION_LENGTH_MS),
    });
    expect(Object.keys(stored ?? {}).sort()).toEqual(['_id', 'expiresAt']);
    expect(await collection.indexes()).toContainEqual(
      expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 3_600 }),
    );
  });

  it('when it is left twice at the same time, then it has ended once and neither fails', async () => {
    const operator = await ConsoleCaller.login(await stage.start());
    const answers = await Promise.all([
      operator.call('DELETE', '/session'),
      operator.call('DELETE', '/session'),
    ]);
    for (const { status } of answers) expect([204, 401]).toContain(status);
    expect(answers.some(({ status }) => status === 204)).toBe(true);
    const { endedSessions } = stage.database.stores;
    await endedSessions.add('twice', new Date());
    await endedSessions.add('twice', new Date());
    expect(await endedSessions.among(['twice', 'never'])).toEqual(['twice']);
  });
});

describe('its streams', () => {
  it('when the operator logs out, then they end at once, and those of others go on', async () => {
    const api = await stage.start();
    const operator = await ConsoleCaller.login(api);
    const reader = await readEvents(operator, '/live');
    const other = await readEvents(await ConsoleCaller.login(api), '/live');
    await operator.call('DELETE', '/session');
    await eventually('it has ended', () => reader.isEnded);
    expect(other.isEnded).toBe(false);
    expect(api.liveStreams.size).toBe(1);
    other.close();
  });

  it('when the operator logs out at another process, then they end soon after', async () => {
    const [one, other] = [await stage.start(), await stage.start()];
    const operator = await ConsoleCaller.login(one);
    const elsewhere = new ConsoleCaller(other.url, operator.cookie, operator.session);
    const reader = await readEvents(elsewhere, '/live');
    const unconcerned = await readEvents(await ConsoleCaller.login(other), '/live');
    await operator.call('DELETE', '/session');
    await eventually('it has ended', () => reader.isEnded);
    expect(unconcerned.isEnded).toBe(false);
    unconcerned.close();
  });

  it('when MongoDB goes away meanwhile, then they go on, and end once it tells of the logout', async () => {
    const { endedSessions } = stage.database.stores;
    const state = { isAway: false, questions: 0 };
    const api = await startWith({
      among: async (ids) => {
        state.questions += 1;
        return state.isAway ? await away() : await endedSessions.among(ids);
      },
    });
    const operator = await ConsoleCaller.login(api);
    const reader = await readEvents(operator, '/live');
    state.isAway = true;
    await new ConsoleCaller((await stage.start()).url, operator.cookie, operator.session).call(
      'DELETE',
      '/session',
    );
    const asked = state.questions;
    await eventually('it was asked in vain', () => state.questions > asked + 1);
    expect(reader.isEnded).toBe(false);
    state.isAway = false;
    await eventually('it has ended', () => reader.isEnded);
  });
});

describe('while MongoDB does not tell', () => {
  it.each([
    ['is away', away],
    ['is silent', silent],
  ])('when it %s, then nobody is let in, by an answer that says why', async (_how, among) => {
    const operator = await ConsoleCaller.login(await startWith({ among }));
    const paths = ['/session', '/overview', '/live', '/v1/orders'];
    const answers = await Promise.all(paths.map((path) => operator.call('GET', path)));
    for (const { status, body, headers } of answers) {
      expect([status, body.code]).toEqual([503, 'unavailable']);
      expect(body.detail).toContain('Whether this session was ended cannot be asked now');
      expect(headers.get('Retry-After')).not.toBeNull();
    }
  });

  it('when somebody without a session asks, then MongoDB is not asked at all', async () => {
    const api = await startWith({ among: away });
    const options = { credential: null, headers: { Cookie: '__Secure-console_session=x.y' } };
    expect((await api.call('GET', '/console/session', options)).body).toBeNull();
    expect((await api.call('GET', '/console/overview', options)).status).toBe(401);
  });

  it('when an operator logs in, then the session is made: nothing has to be asked for it', async () => {
    const answer = await login(await startWith({ among: away }));
    expect(answer.status).toBe(200);
    expect(cookieOf(answer)).not.toBe('');
  });

  it('when the logout cannot be stored, then it says so, keeps the cookie, and works when tried again', async () => {
    const { endedSessions } = stage.database.stores;
    const state = { isAway: true };
    const api = await startWith({
      add: async (id, expiresAt) =>
        state.isAway ? await away() : await endedSessions.add(id, expiresAt),
    });
    const operator = await ConsoleCaller.login(api);
    const failed = await operator.call('DELETE', '/session');
    expect([failed.status, failed.body.code]).toEqual([503, 'unavailable']);
    expect(failed.headers.getSetCookie()).toEqual([]);
    expect(api.log()).not.toContain('console.logout');
    expect((await operator.call('GET', '/overview')).status).toBe(200);
    state.isAway = false;
    expect((await operator.call('DELETE', '/session')).status).toBe(204);
    expect((await operator.call('GET', '/overview')).status).toBe(401);
  });
});
