/** Whatever stands in the environment: a whole configuration, or a ConfigError that names variables and no values. */
import express from 'express';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { trustedProxies } from '../../src/api/app.js';
import { crossOrigin } from '../../src/api/middleware/cross-origin.js';
import { ConfigError, readConfig } from '../../src/config/config.js';
import { VARIABLES, type VariableName } from '../../src/config/variables.js';
import { serverEnvironment } from '../api/api-environment.js';
import { announceSeed, FUZZ_TIMEOUT_MS, holdsForAll } from './fuzz-runs.js';
import { hostileText, MARK } from './hostile-text.js';

const NAMES = Object.keys(VARIABLES) as VariableName[];

/** Stands in many values, so that a message that shows one is found. */
const SECRET = 'Zk3vSecretValue';

beforeAll(() => announceSeed('configuration'));

/** Texts that look like what variables hold, and are not. */
const plausibleText = fc.constantFrom(
  ...['-1', '0', '65536', '3000.5', '1e3', '0x10', ' ', ',', ',,', ':', 'a:b', 'shop:', ':key'],
  ...['http://', 'https://', 'http://a b', 'javascript:alert(1)', 'file:///etc/passwd', '//x'],
  ...[
    'mailto:a@b',
    'data:text/html,x',
    'http://user:pass@host',
    'http://[::1',
    'null',
    'about:blank',
  ],
  ...[
    'mongodb://',
    'mongodb+srv://',
    '30',
    '30x',
    '-5s',
    '1e9s',
    '99999d',
    '0s',
    '5s,,5s',
    '5s;30s',
  ],
  ...[
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
  ],
  ...[
    'MAA=',
    'MIIB',
    'whsec_',
    'whsec_AAAA',
    '/',
    '/etc',
    '/dev/null',
    '10.0.0.0/8',
    '10.0.0.0/99',
  ],
  ...[
    'loopback',
    'loopback, nowhere',
    '256.1.1.1',
    '::1/200',
    'true',
    'TRUE',
    '99999999999999999999',
  ],
);

const anyText = fc
  .tuple(fc.oneof(hostileText, plausibleText), fc.constantFrom('', SECRET))
  .map((parts) => parts.join(''));

describe('the configuration', () => {
  it.each(NAMES)(
    'when %s is any text, then there is a configuration that works or an error that names a variable',
    async (name) => {
      await holdsForAll(anyText, 8, (text) => expectSound({ [name]: text }));
    },
    FUZZ_TIMEOUT_MS,
  );

  it('when several are any text and others are missing, then all that is wrong is said at once', async () => {
    const changes = fc.array(
      fc.tuple(fc.constantFrom(...NAMES), fc.option(anyText, { nil: undefined })),
      { minLength: 1, maxLength: 12 },
    );
    await holdsForAll(changes, 60, (pairs) => expectSound(Object.fromEntries(pairs)));
  });

  it('when a value is wrong and secret, then no message shows it', () => {
    for (const name of NAMES) {
      const error = errorOf({ ...serverEnvironment(), [name]: `\u0000${SECRET}\n${SECRET}` });
      expect(error?.message ?? '', name).not.toContain(SECRET);
    }
  });
});

/** The parts that are built out of it while the process starts must not find another fault in it. */
function expectSound(environment: NodeJS.ProcessEnv): void {
  const error = errorOf({ ...serverEnvironment(), ...environment });
  if (error === null) return;
  expect(error.problems.length).toBeGreaterThan(0);
  for (const problem of error.problems) {
    expect(NAMES.filter((name) => problem.includes(name))).not.toEqual([]);
  }
  expect(error.message).not.toContain(SECRET);
  expect(error.message).not.toContain(MARK);
}

/** What the processes do with it first. @returns `null` when there is nothing to find fault with */
function errorOf(environment: NodeJS.ProcessEnv): ConfigError | null {
  try {
    const { http } = readConfig(environment);
    express().set('trust proxy', trustedProxies(http.trustProxy));
    crossOrigin(http.corsOrigins);
    // Pages in frames without an origin send this word as theirs.
    expect(http.corsOrigins.map((origin) => new URL(origin).origin)).not.toContain('null');
    return null;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}
