/** Answers to what is no HTTP request, or never becomes a whole one: it reaches no route. */
import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { DomainError } from '../domain/errors.js';
import { problemFor } from './problem.js';
import { PROBLEM_KINDS } from './problem-kinds.js';

/** Codes of Node's parser and of its time limits. */
const SAFE_TEXTS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'The headers are larger than 16 KB.',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not arrive in time.',
};

/** For {@link listen}: a problem as every other error, where Node by itself sends a status and nothing more. */
export function answerUnreadable(publicUrl: string, logger: Logger) {
  return (error: Error, socket: Duplex): void => {
    const reason = 'code' in error ? String(error.code) : 'unknown';
    // Whoever has hung up hears nothing, and in the middle of another answer this one would be taken for a part of it.
    const isFirst = socket instanceof Socket && socket.bytesWritten === 0;
    if (!socket.writable || !isFirst || reason === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const requestId = randomUUID();
    const safeText = SAFE_TEXTS[reason] ?? 'The request is no valid HTTP.';
    const problem = problemFor(new DomainError('malformed_request', safeText), {
      publicUrl,
      requestId,
      path: '',
    });
    logger.warn({ event: 'request.unreadable', requestId, reason }, 'request cannot be read');
    socket.end(wireText(JSON.stringify(problem), requestId), () => socket.destroy());
  };
}

function wireText(body: string, requestId: string): string {
  return [
    `HTTP/1.1 ${PROBLEM_KINDS.malformed_request.status} Bad Request`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
