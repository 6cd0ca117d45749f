/** Attack: let an address of ours send people elsewhere, or run as a script where it is shown. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningApi } from '../api/api-environment.js';
import { type RecordStage, recordStage } from '../console/record-api.js';
import { uniqueOrderNo } from '../support/order-builder.js';
import { rawRequest } from './raw-http.js';

let stage: RecordStage;
let api: RunningApi;

beforeAll(async () => {
  stage = await recordStage();
  api = await stage.start();
});

afterAll(async () => await stage.close());

describe('the address that the payer is sent back to', () => {
  it.each([
    'javascript:alert(document.domain)',
    'JaVaScRiPt:alert(1)',
    '\tjavascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'blob:https://shop.example.com/x',
    'file:///etc/passwd',
    'intent://scan/#Intent;scheme=zxing;end',
    '//evil.example.com/',
    '/\\evil.example.com/',
    '\\\\evil.example.com\\',
    'https:evil.example.com',
    'https:/evil.example.com',
    'https:\\\\evil.example.com',
    'https://shop.example.com@evil.example.com/',
    'https://shop.example.com:443@evil.example.com/',
    'https://user@shop.example.com/',
    'https://',
    'https://shop example.com/',
    'https://shop.example.com:99999/',
    'relative/path',
    '',
    `https://shop.example.com/${'a'.repeat(1_100)}`,
  ])('when it is %j, then the order is refused', async (redirectUrl) => {
    const body = {
      merchantOrderNo: uniqueOrderNo(),
      channel: 'hosted',
      amount: 1,
      currency: 'USD',
    };
    const answer = await api.call('POST', '/v1/orders', { body: { ...body, redirectUrl } });
    expect([answer.status, answer.body.code]).toEqual([422, 'validation_failed']);
    expect(answer.body.errors).toMatchObject([{ pointer: '/redirectUrl' }]);
  });

  it.each([
    'https://shop.example.com/\r\nSet-Cookie: a=b',
    'https://shop.example.com/\u0000',
    // Two readers of addresses find two hosts in it.
    'https://shop.example.com\\@evil.example.com/',
  ])(
    'when it carries what readers take for different things, as %j, then the order is refused',
    async (redirectUrl) => {
      const body = {
        merchantOrderNo: uniqueOrderNo(),
        channel: 'hosted',
        amount: 1,
        currency: 'USD',
      };
      const answer = await api.call('POST', '/v1/orders', { body: { ...body, redirectUrl } });
      expect([answer.status, answer.body.code]).toEqual([422, 'validation_failed']);
    },
  );
});

describe('our own pages', () => {
  const STEPS = [
    '//evil.example.com',
    '//evil.example.com/%2e%2e',
    '///evil.example.com/..',
    '/%5cevil.example.com',
    '/\\evil.example.com',
    '/%2f%2fevil.example.com',
    '/..%2f..%2f//evil.example.com/',
    '/%0d%0aLocation:%20https://evil.example.com',
    '?next=https://evil.example.com',
    '?returnUrl=//evil.example.com',
  ];
  it.each(['', '/console', '/demo', '/docs', '/docs/runbooks', '/client', '/console/assets'])(
    'when a path below "%s" names another host, then no answer leads there',
    async (prefix) => {
      for (const step of STEPS) {
        const answer = await rawRequest(api.url, { method: 'GET', path: prefix + step });
        const location = String(answer.headers.location ?? '/');
        const target = new URL(location, api.url);
        expect(target.origin, `${prefix}${step} leads to ${location}`).toBe(api.url);
        expect(answer.headers).not.toHaveProperty('set-cookie');
      }
    },
  );

  it('when the host header is another one, then no address in an answer is made of it', async () => {
    for (const path of ['/docs', '/console', '/v1/orders', '/nothing', '/openapi.json']) {
      const headers = { Host: 'evil.example.com', 'X-Forwarded-Host': 'evil.example.com' };
      const answer = await rawRequest(api.url, { method: 'GET', path, headers });
      expect(JSON.stringify(answer)).not.toContain('evil.example.com');
    }
  });
});
