import { expect, it } from 'vitest';
import { condenseLine } from '../../src/trial/log-lines.js';

const record = (fields: object) =>
  JSON.stringify({ level: 'info', time: '2026-01-02T03:04:05.678Z', ...fields });

it('when a request was answered, then its line says which and how', () => {
  const line = record({
    msg: 'request completed',
    req: { method: 'POST', path: '/v1/orders' },
    res: { statusCode: 201 },
  });
  expect(condenseLine('api', line)).toMatch(
    /^\d\d:04:05 api +request completed POST \/v1\/orders 201$/,
  );
});

it('when something failed, then level and reason are there, in one line', () => {
  const line = record({ level: 'error', msg: 'failed', err: { message: 'first\nsecond' } });
  expect(condenseLine('worker', line)).toMatch(/worker +ERROR failed \(first\)$/);
});

it('when a line is below information, then it is not shown', () => {
  expect(condenseLine('api', record({ level: 'debug', msg: 'detail' }))).toBeNull();
});

it('when a line is no record, then it is shown as it is', () => {
  expect(condenseLine('api', 'PORT is missing')).toMatch(/api +PORT is missing$/);
  expect(condenseLine('api', '{ not json')).toMatch(/\{ not json$/);
  expect(condenseLine('api', ' ')).toBeNull();
});
