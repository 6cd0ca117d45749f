/** Servers that keep to no rule of HTTP, or to all of them for too long. */
import { gzipSync } from 'node:zlib';
import type { Sending } from './hostile-gateway.js';

const MEGABYTE = 1_024 * 1_024;

/** 50 MB of nothing, in 50 KB. */
const gzipBomb = gzipSync(Buffer.alloc(50 * MEGABYTE, 0x20));

interface TransportTrick {
  readonly name: string;
  readonly send: Sending;
}

const inParts =
  (part: string, pauseMs: number): Sending =>
  (response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    const timer = setInterval(() => response.write(part), pauseMs);
    response.on('close', () => clearInterval(timer));
  };

const json =
  (text: string, headers: Readonly<Record<string, string>> = {}, status = 200): Sending =>
  (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(text);
  };

/** Bytes that are no answer, and then the end of the connection. */
const raw =
  (bytes: string): Sending =>
  (response) => {
    response.socket?.end(Buffer.from(bytes, 'latin1'));
  };

export const TRANSPORT_TRICKS: readonly TransportTrick[] = [
  { name: 'says nothing', send: () => {} },
  { name: 'hangs up at once', send: (response) => response.socket?.destroy() },
  { name: 'answers with nothing', send: json('') },
  { name: 'answers with a page', send: json('<html><body>502', { 'Content-Type': 'text/html' }) },
  { name: 'drips without an end', send: inParts(' ', 20) },
  { name: 'pours without an end', send: inParts('x'.repeat(MEGABYTE), 1) },
  { name: 'unpacks to 50 MB', send: bomb('gzip') },
  { name: 'claims a packing it has not used', send: json('{}', { 'Content-Encoding': 'gzip' }) },
  { name: 'claims a packing nobody knows', send: json('{}', { 'Content-Encoding': 'x-rot13' }) },
  {
    name: 'claims more bytes than it sends',
    send: raw('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}'),
  },
  {
    name: 'claims two lengths',
    send: raw('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\n{}'),
  },
  {
    name: 'claims a negative length',
    send: raw('HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}'),
  },
  {
    name: 'breaks off a chunk',
    send: raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{'),
  },
  {
    name: 'counts chunks wrongly',
    send: raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}'),
  },
  {
    name: 'sends a header of 1 MB',
    send: raw(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(MEGABYTE)}\r\n\r\n{}`),
  },
  { name: 'sends no HTTP', send: raw('SSH-2.0-OpenSSH_9.0\r\n') },
  {
    name: 'sends a status that is none',
    send: raw('HTTP/1.1 999 ?\r\nContent-Length: 2\r\n\r\n{}'),
  },
  { name: 'sends only early hints', send: raw('HTTP/1.1 103 Early Hints\r\n\r\n') },
  { name: 'sends no content', send: json('', {}, 204) },
  { name: 'redirects', send: json('{}', { Location: 'http://127.0.0.1:1/' }, 302) },
  { name: 'redirects and says it kept the method', send: json('{}', { Location: '/' }, 308) },
  {
    name: 'answers in another encoding',
    send: (response) => response.end(Buffer.from('{"code":"0"}', 'utf16le')),
  },
  {
    name: 'answers with bytes that are no text',
    send: (response) => response.end(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
  },
];

function bomb(encoding: string): Sending {
  return (response) => {
    response.writeHead(200, { 'Content-Encoding': encoding }).end(gzipBomb);
  };
}
