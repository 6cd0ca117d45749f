/** What every answer owes to whoever sent anything. */
import { expect } from 'vitest';
import { PROBLEM_KINDS } from '../../src/api/problem-kinds.js';
import { ERROR_CODES, type ErrorCode } from '../../src/domain/errors.js';
import { MARK } from './hostile-text.js';
import type { RawAnswer } from './raw-exchange.js';

/** Above the longest wait of the API for others, 8 s for the gateway, with a machine that does more than this. */
const ANSWER_MS_MAX = 9_000;
/** Of an answer to 64 KB at most: nobody makes the service send a hundred times what was sent. */
const PROBLEM_BYTES_MAX = 256 * 1_024;

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

interface Problem {
  readonly code: ErrorCode;
  readonly status: number;
  readonly requestId: string;
  readonly detail: string;
  readonly errors: readonly { readonly pointer: string; readonly code: string }[];
}

/**
 * Any answer: in time, no error of the server's own, and every error named.
 * @returns the code of the problem, `null` when it is none
 */
export function expectKept(answer: RawAnswer): ErrorCode | null {
  const { status, headers, head, body, durationMs } = answer;
  expect(durationMs).toBeLessThan(ANSWER_MS_MAX);
  expect(status, `${head}\n${body.slice(0, 2_000)}`).not.toBe(500);
  expect(headers.get('x-request-id') ?? '').toMatch(REQUEST_ID);
  // An id that fits is taken over, and nothing else of a request's headers.
  expect(head.replace(/^X-Request-Id: .*$/m, '')).not.toContain(MARK);
  if (isHtml(answer)) expect(body).not.toContain(MARK);
  if (status < 400) return null;
  if (status === 405 && body === '') return null;
  expect(headers.get('content-type') ?? '').toContain('application/problem+json');
  expect(body.length).toBeLessThan(PROBLEM_BYTES_MAX);
  return expectNamed(JSON.parse(body) as Problem, status);
}

function expectNamed(problem: Problem, status: number): ErrorCode {
  expect(ERROR_CODES).toContain(problem.code);
  expect(problem.status).toBe(status);
  expect(PROBLEM_KINDS[problem.code].status).toBe(status);
  expect(problem.requestId).toMatch(REQUEST_ID);
  expect(problem.detail).not.toContain(MARK);
  if (problem.code === 'validation_failed') {
    expect(problem.errors).not.toEqual([]);
    for (const { pointer, code } of problem.errors) {
      expect(pointer).toMatch(/^(\/|$)/);
      expect(code).toMatch(/^[a-z_]+$/);
    }
  }
  return problem.code;
}

function isHtml({ headers }: RawAnswer): boolean {
  return (headers.get('content-type') ?? '').includes('html');
}

/** The log: whole lines of JSON, each ours, none with anything out of a body, a query or a header. */
export function expectLogKept(log: string): void {
  const lines = log.split('\n').filter((line) => line !== '');
  expect(lines).not.toEqual([]);
  for (const line of lines) {
    const { level, time, requestId, ...rest } = JSON.parse(line) as Readonly<
      Record<string, unknown>
    >;
    expect(['debug', 'info', 'warn', 'error']).toContain(level);
    expect(Date.parse(String(time))).not.toBeNaN();
    expect(JSON.stringify(rest)).not.toContain(MARK);
    expect(String(requestId ?? 'none')).toMatch(REQUEST_ID);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(line).not.toMatch(/[\u0000-\u001f\u007f\u0085\u2028\u2029]/);
  }
}
