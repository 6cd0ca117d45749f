/** What can be said about docker-compose.yml and the Dockerfile without an engine: they fit the code they run. */
import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/config.js';
import { DOCUMENTED_NAMES } from '../../src/config/configuration-docs.js';
import { VARIABLES } from '../../src/config/variables.js';

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const root = new URL('../../', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, root), 'utf8');

const composeText = textOf('docker-compose.yml');
const dockerfile = textOf('Dockerfile');
const compose = parse(composeText, { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);
const OWN_PROCESSES = ['api', 'worker', 'simulator'] as const;

/** PostgreSQL's versions have two numbers, all others three. */
const isPinned = (image: string) =>
  /^(postgres:\d+|[a-z0-9./-]+:v?\d+\.\d+)\.\d+[\w.-]*$/.test(image);

/** Services that others wait for to end, not to become healthy. */
const oneShots = new Set(
  services.flatMap(([, service]) =>
    Object.entries(service.depends_on ?? {})
      .filter(([, { condition }]) => condition === 'service_completed_successfully')
      .map(([name]) => name),
  ),
);

/** What compose puts for `${NAME:-default}` when the variable is not set. */
const interpolated = (text: string) => text.replaceAll(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1');

function environmentOf(name: string): Record<string, string> {
  const imageEnvironment = /^ENV NODE_ENV=[\s\S]*?[^\\]$/m.exec(dockerfile)?.[0] ?? '';
  const own = Object.entries(compose.services[name]?.environment ?? {});
  return {
    ...parseEnv(imageEnvironment.replace('ENV ', '').replaceAll(/\s*\\\n\s*/g, '\n')),
    ...Object.fromEntries(own.map(([key, value]) => [key, interpolated(String(value))])),
  } as Record<string, string>;
}

describe('docker-compose.yml', () => {
  it('when an image is named, then by a version that does not move', () => {
    for (const [name, { image }] of services)
      expect(isPinned(image), `${name}: ${image}`).toBe(true);
    expect(isPinned(/ARG NODE_IMAGE=(\S+)/.exec(dockerfile)?.[1] ?? '')).toBe(true);
    for (const image of ['mongo', 'mongo:8', 'mongo:latest', 'postgres:17-bookworm']) {
      expect(isPinned(image)).toBe(false);
    }
  });

  it('when the version of the project changes, then that of its image does', () => {
    const { version } = JSON.parse(textOf('package.json')) as { version: string };
    for (const name of [...OWN_PROCESSES, 'secrets']) {
      expect(compose.services[name]?.image).toBe(`payment-orders:${version}`);
    }
  });

  it('when a service keeps running, then it has a health check, and a one-shot has none', () => {
    expect([...oneShots].sort()).toEqual(['secrets', 'temporal-namespace', 'temporal-schema']);
    for (const [name, { healthcheck }] of services) {
      if (oneShots.has(name)) expect(healthcheck?.disable, name).toBe(true);
      else expect(healthcheck?.test?.length, name).toBeGreaterThan(1);
    }
  });

  it('when a service needs another, then it waits until that one is healthy or has succeeded', () => {
    for (const [name, { depends_on: needs = {} }] of services) {
      for (const [needed, { condition }] of Object.entries(needs)) {
        expect(Object.keys(compose.services), name).toContain(needed);
        const expected = oneShots.has(needed)
          ? 'service_completed_successfully'
          : 'service_healthy';
        expect(condition, `${name} on ${needed}`).toBe(expected);
      }
    }
    for (const name of ['api', 'worker']) {
      const needs = Object.keys(compose.services[name]?.depends_on ?? {});
      expect(needs).toEqual(expect.arrayContaining(['secrets', 'mongodb', 'temporal-namespace']));
    }
  });

  it.each(OWN_PROCESSES)('when %s is given a variable, then it is a documented one', (name) => {
    const given = Object.keys(compose.services[name]?.environment ?? {});
    expect(given.length).toBeGreaterThan(5);
    expect(given.filter((variable) => !DOCUMENTED_NAMES.includes(variable))).toEqual([]);
  });

  it('when a variable is secret, then no file of the project gives its value', () => {
    const secretNames = Object.entries(VARIABLES)
      .filter(([name, { isSecret }]) => isSecret && name !== 'MONGODB_URI')
      .map(([name]) => name);
    expect(secretNames).toContain('VERIFY_TOKEN_SECRET');
    for (const name of secretNames) {
      expect(composeText).not.toMatch(new RegExp(`\\b${name}\\b`));
      expect(dockerfile).not.toMatch(new RegExp(`\\b${name}\\b`));
    }
    expect(composeText).not.toMatch(/mongodb:\/\/[^/\s]*@/);
  });

  it('when a port is published, then on this machine alone', () => {
    const published = services.flatMap(([, { ports = [] }]) => ports);
    expect(published.length).toBeGreaterThan(2);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('when a file is mounted or a volume is used, then it is there', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map((v) => v.split(':')[0]));
    expect(mounts.length).toBeGreaterThan(5);
    for (const mount of mounts) {
      if (mount?.startsWith('.')) expect(existsSync(new URL(mount, root)), mount).toBe(true);
      else expect(Object.keys(compose.volumes)).toContain(mount);
    }
  });

  it('when a service of ours is started, then from an entry that the build makes', () => {
    const entries = services.flatMap(([, { command = [] }]) =>
      command.filter((word) => word.startsWith('dist/')),
    );
    expect(entries.sort()).toEqual(['dist/server.js', 'dist/simulator.js', 'dist/worker.js']);
    for (const entry of entries) {
      const source = entry.replace('dist/', 'src/').replace(/\.js$/, '.ts');
      expect(existsSync(new URL(source, root)), source).toBe(true);
    }
  });
});

describe('the profile observability', () => {
  const { prometheus, grafana, ...others } = compose.services;

  it('when it is not asked for, then neither Prometheus nor Grafana starts, and nothing needs them', () => {
    expect(prometheus?.profiles).toEqual(['observability']);
    expect(grafana?.profiles).toEqual(['observability']);
    for (const [name, service] of Object.entries(others)) {
      expect(service?.profiles, name).toBeUndefined();
      expect(Object.keys(service?.depends_on ?? {}), name).not.toContain('prometheus');
    }
  });

  it('when Prometheus looks for something to scrape, then compose serves it there', () => {
    const { scrape_configs: jobs } = parse(textOf('deploy/prometheus/prometheus.yml')) as {
      readonly scrape_configs: readonly {
        readonly dns_sd_configs: readonly { readonly names: string[]; readonly port: number }[];
      }[];
    };
    const scraped = jobs.flatMap(({ dns_sd_configs: found }) =>
      found.map(({ names, port }) => `${names}:${port}`),
    );
    const portOf = (name: string, variable: string) =>
      `${name}:${compose.services[name]?.environment?.[variable]}`;
    expect(scraped).toEqual([
      portOf('api', 'METRICS_PORT'),
      portOf('worker', 'METRICS_PORT'),
      portOf('worker', 'TEMPORAL_METRICS_PORT'),
    ]);
  });

  it('when somebody opens Grafana, then not without the password', () => {
    expect(grafana?.environment).toMatchObject({
      GF_AUTH_ANONYMOUS_ENABLED: 'false',
      GF_USERS_ALLOW_SIGN_UP: 'false',
      GF_SECURITY_ADMIN_PASSWORD: expect.stringMatching(/^\$\{GRAFANA_PASSWORD:-/),
    });
  });
});

describe('the secrets of the trial', () => {
  const folder = mkdtempSync(join(tmpdir(), 'payment-orders-compose-'));
  const merchant = join(folder, 'merchant');
  const gateway = join(folder, 'gateway');
  const script = fileURLToPath(new URL('deploy/trial-secrets.mjs', root));
  const make = () =>
    execFileSync(process.execPath, [script, merchant, gateway], { encoding: 'utf8' });
  const contents = () =>
    [merchant, gateway].flatMap((path) =>
      readdirSync(path).map((name) => readFileSync(join(path, name), 'utf8')),
    );

  beforeAll(make);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['api', 'worker'])(
    'when %s starts with them, then its configuration is complete',
    (name) => {
      const environment = Object.fromEntries(
        Object.entries(environmentOf(name)).map(([key, value]) => [
          key,
          value.replace(/^\/secrets\/merchant/, merchant),
        ]),
      );
      const secrets = parseEnv(readFileSync(join(merchant, 'service.env'), 'utf8'));
      const config = readConfig({ ...secrets, ...environment });
      expect(config.http).toMatchObject({ host: '0.0.0.0', port: 3_000, metricsPort: 9_464 });
      expect(config.isTrial).toBe(false);
    },
  );

  it('when the two sides meet, then each holds the public key of the other', () => {
    const publicOf = (path: string) => createPublicKey(createPrivateKey(readFileSync(path)));
    const given = (path: string) => createPublicKey(readFileSync(path));
    expect(
      publicOf(join(merchant, 'merchant-private.pem')).equals(
        given(join(gateway, 'merchant-public.pem')),
      ),
    ).toBe(true);
    expect(
      publicOf(join(gateway, 'gateway-private.pem')).equals(
        given(join(merchant, 'gateway-public.pem')),
      ),
    ).toBe(true);
    expect(readdirSync(merchant)).not.toContain('gateway-private.pem');
  });

  it('when they are made again, then nothing changes, and nothing of them is printed', () => {
    const before = contents();
    const printed = make();
    expect(contents()).toEqual(before);
    for (const value of Object.values(
      parseEnv(readFileSync(join(merchant, 'service.env'), 'utf8')),
    )) {
      expect(printed).not.toContain(value);
    }
  });

  it.skipIf(process.platform === 'win32')(
    'when they are made, then only their owner reads them',
    () => {
      for (const path of [merchant, gateway]) {
        for (const name of readdirSync(path)) {
          expect(statSync(join(path, name)).mode & 0o777, name).toBe(0o600);
        }
      }
    },
  );
});

describe('Dockerfile', () => {
  it('when a file is copied into the image, then it is there and .dockerignore lets it through', () => {
    const ignore = textOf('.dockerignore').split('\n');
    expect(ignore).toContain('*');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) =>
      (sources ?? '').split(' '),
    );
    expect(copied).toContain('package-lock.json');
    for (const source of copied) {
      expect(existsSync(new URL(source, root)), source).toBe(true);
      expect(ignore, source).toContain(`!${source}`);
    }
  });

  it('when the container runs, then not as root and without development packages', () => {
    const runtime = dockerfile.split(/^FROM /m).at(-1) ?? '';
    expect(runtime).toMatch(/^USER node$/m);
    expect(runtime).toContain('COPY --from=dependencies /app/node_modules');
    expect(dockerfile).toContain('npm ci --omit=dev');
  });
});
