/** Attack: make the service itself send requests to where only it can reach. */
import type { Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AddressRefusedError, lookupPublicAddress } from '../../src/events/address-guard.js';
import { postWebhook } from '../../src/events/webhook-transport.js';
import { closeServer, listen, portOf } from '../../src/http-server.js';
import { problemsOf } from '../support/complete-environment.js';

/** What the name service says, in turn. */
const answers: { address: string; family: number }[][] = [];
const asked: string[] = [];

vi.mock('node:dns/promises', async (original) => {
  const real = await original<typeof import('node:dns/promises')>();
  const lookup = async (hostname: string, options: object) => {
    if (!hostname.endsWith('.rebinding.example')) return await real.lookup(hostname, options);
    asked.push(hostname);
    return answers.shift() ?? [];
  };
  return { ...real, default: { ...real, lookup }, lookup };
});

let trap: Server;
let hits: string[] = [];
let redirectTo = '';

beforeAll(async () => {
  trap = await listen(
    (request, response) => {
      hits.push(request.url ?? '');
      if (request.url === '/redirects') response.writeHead(307, { Location: redirectTo });
      response.end('secret of the inner network');
    },
    { host: '127.0.0.1', port: 0 },
  );
});

beforeEach(() => {
  hits = [];
  asked.length = 0;
  answers.length = 0;
});

afterEach(() => vi.restoreAllMocks());

afterAll(async () => await closeServer(trap, 100));

const MESSAGE = { headers: { 'content-type': 'application/json' }, body: '{}' };

async function post(url: string, allowsPrivateAddresses = false) {
  return await postWebhook(MESSAGE, { url, allowsPrivateAddresses, timeoutMs: 2_000 });
}

describe('a webhook address that leads inside', () => {
  it('when it is reached as allowed, then the trap works', async () => {
    await post(`http://127.0.0.1:${portOf(trap)}/allowed`, true);
    expect(hits).toEqual(['/allowed']);
  });

  it.each([
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '2130706433',
    '0177.0.0.1',
    '0',
    'localhost',
    'LOCALHOST',
    'localhost.',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[0:0:0:0:0:ffff:7f00:1]',
    '127.0.0.1%2f.example.com@127.0.0.1',
  ])('when it is written as %s, then nothing is sent', async (host) => {
    const answer = await post(`http://${host}:${portOf(trap)}/inside`);
    expect(answer.httpStatus).toBeNull();
    expect(['ADDRESS_REFUSED', 'ENOTFOUND', 'EAI_AGAIN']).toContain(answer.result);
    expect(hits).toEqual([]);
  });

  it.each(['169.254.169.254', '[fd00:ec2::254]', '100.100.100.200', '192.0.0.192'])(
    'when it is the metadata service of a cloud, %s, then nothing is sent',
    async (host) => {
      expect(await post(`http://${host}/latest/meta-data`)).toEqual({
        httpStatus: null,
        result: 'ADDRESS_REFUSED',
      });
    },
  );

  it('when a receiver redirects inside, then nobody follows', async () => {
    redirectTo = `http://127.0.0.1:${portOf(trap)}/inside`;
    const answer = await post(`http://127.0.0.1:${portOf(trap)}/redirects`, true);
    expect(answer).toEqual({ httpStatus: 307, result: 'http_status' });
    expect(hits).toEqual(['/redirects']);
  });
});

describe('DNS rebinding', () => {
  const resolved = async (hostname: string) =>
    await new Promise((resolve) => {
      lookupPublicAddress(hostname, { all: true }, (error, addresses) => {
        resolve(error ?? addresses);
      });
    });

  it('when one of several answers is private, then the name is refused', async () => {
    answers.push([
      { address: '93.184.215.14', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
    expect(await resolved('mixed.rebinding.example')).toBeInstanceOf(AddressRefusedError);
  });

  it('when the name service would say something else the next moment, then it is not asked again', async () => {
    answers.push([{ address: '93.184.215.14', family: 4 }], [{ address: '127.0.0.1', family: 4 }]);
    expect(await resolved('later.rebinding.example')).toEqual([
      { address: '93.184.215.14', family: 4 },
    ]);
    expect(asked).toEqual(['later.rebinding.example']);
  });

  it('when a name became private since the last delivery, then the next one is not sent', async () => {
    answers.push([{ address: '127.0.0.1', family: 4 }]);
    const answer = await post(`http://now.rebinding.example:${portOf(trap)}/inside`);
    expect(answer).toEqual({ httpStatus: null, result: 'ADDRESS_REFUSED' });
    expect(hits).toEqual([]);
  });

  it('when a name has no address, then it is refused', async () => {
    answers.push([]);
    expect(await resolved('none.rebinding.example')).toBeInstanceOf(AddressRefusedError);
  });
});

describe('addresses in the configuration', () => {
  const SCHEMES = ['file:///etc/passwd', 'javascript:alert(1)', 'gopher://x/', 'ftp://x/', '//x/'];
  it.each([
    'CODEPAY_BASE_URL',
    'CODEPAY_NOTIFY_URL',
    'PUBLIC_URL',
    'MERCHANT_WEBHOOK_URL',
    'ALERT_WEBHOOK_URL',
    'ALERT_SLACK_URL',
    'TEMPORAL_UI_URL',
  ])('when %s is no http address, then the service does not start', (name) => {
    for (const url of SCHEMES) {
      const problems = problemsOf({ [name]: url });
      expect(problems.join()).toContain(name);
      expect(problems.join()).not.toContain(url);
    }
  });

  it('when a webhook of the merchant is plain http or holds a password, then the service does not start', () => {
    const MERCHANT_WEBHOOK_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    for (const url of ['http://shop.example.com/', 'https://user:password@shop.example.com/']) {
      const problems = problemsOf({ MERCHANT_WEBHOOK_URL: url, MERCHANT_WEBHOOK_SECRET });
      expect(problems).toHaveLength(1);
      expect(problems.join()).not.toContain('password@');
    }
  });
});
