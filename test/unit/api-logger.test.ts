import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { Secret } from '../../src/config/secret.js';
import { createLogger } from '../../src/logger.js';

function logged(fields: object): string {
  const stream = new PassThrough();
  createLogger({ level: 'info', name: 'test' }, stream).info(fields, 'message');
  return String(stream.read());
}

it.each([
  'authorization',
  'cookie',
  'sign',
  'privateKey',
  'apiKey',
  'token',
  'verifyToken',
  'secret',
  'password',
  'body',
  'sealedBody',
  'bizData',
  'csrfToken',
  'payUserAccountId',
  'pay_user_account_id',
])('when %s is logged, then its value is not in the line, three levels deep', (name) => {
  const value = 'not-to-be-seen';
  const line = logged({ [name]: value, one: { [name]: value, two: { [name]: value } } });
  expect(line).not.toContain(value);
  expect(line).toContain('[redacted]');
});

it('when a line is written within a trace, then it names the trace, and outside of one it does not', () => {
  const lines: string[] = [];
  let traceId: string | null = 'trace-1';
  const destination = { write: (line: string) => lines.push(line) };
  const logger = createLogger(
    { level: 'info', name: 'test', traceId: () => traceId },
    destination as never,
  );
  logger.info('within');
  traceId = null;
  logger.info('outside');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { msg: 'within', traceId: 'trace-1' },
    { msg: 'outside' },
  ]);
  expect(lines[1]).not.toContain('traceId');
});

it('when a secret is logged, then it does not print', () => {
  expect(logged({ anything: new Secret('not-to-be-seen') })).not.toContain('not-to-be-seen');
});

it('when an error carries a body, then only what an error is made of is logged', () => {
  const cause = Object.assign(new Error('inner'), { document: 'not-to-be-seen' });
  const error = Object.assign(new Error('outer', { cause }), {
    request: 'not-to-be-seen',
    code: 7,
  });
  const line = logged({ err: error });
  expect(line).not.toContain('not-to-be-seen');
  expect(JSON.parse(line).err).toMatchObject({
    message: 'outer',
    code: 7,
    cause: { message: 'inner' },
  });
});

it('when an error causes itself, then logging ends', () => {
  const error = new Error('round');
  error.cause = error;
  expect(JSON.parse(logged({ err: error })).err.message).toBe('round');
});
