/** The OpenAPI document and its pages. That every answer fits it is checked wherever a test calls the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';
import { type RunningApi, startApi } from './api-environment.js';
import { document, schemaOf } from './openapi-check.js';

let orders: OrderEnvironment;
let api: RunningApi;
beforeAll(async () => {
  orders = await devEnvironment(new ScriptedGateway());
  api = await startApi({ ...orders.stores, messenger: orders.messenger });
});

afterAll(async () => {
  await api.close();
  await orders.close();
});

describe('the document', () => {
  it('when the app serves a route, then the document describes it, and nothing else', () => {
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    expect(routesOf(api).sort()).toEqual(described.sort());
  });

  it('when the document gives an example, then it fits its schema', () => {
    const contents = Object.values(document.paths)
      .flatMap((operations) => Object.values(operations))
      .flatMap(({ requestBody, responses }) => [
        requestBody?.content,
        ...Object.values(responses).map(({ content }) => content),
      ])
      .flatMap((content) => Object.values(content ?? {}));
    const examples = contents.flatMap(({ schema, example, examples: named }) => [
      ...(example === undefined ? [] : [{ schema, value: example }]),
      ...Object.values(named ?? {}).map(({ value }) => ({ schema, value })),
    ]);
    expect(examples.length).toBeGreaterThan(20);
    for (const { schema, value } of examples) {
      expect(schemaOf(schema ?? {}).safeParse(value).error?.issues ?? []).toEqual([]);
    }
  });

  it('when it is fetched, then it is OpenAPI 3.1 without a credential', async () => {
    const answer = await api.call('GET', '/openapi.json', { credential: null });
    expect(answer.status).toBe(200);
    expect(answer.body.openapi).toBe('3.1.0');
    expect(answer.body).toEqual(document);
  });

  it('when the pages are opened, then they run only scripts of their own', async () => {
    const answer = await api.call('GET', '/docs/', { credential: null });
    expect(answer.status).toBe(200);
    const policy = answer.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(answer.text).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(await statusOf(`${api.url}/docs/swagger-ui-bundle.js`)).toBe(200);
  });

  it('when an answer is data, then a browser may run nothing from it', async () => {
    const answer = await api.call('GET', '/v1/orders/none');
    expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(answer.headers.get('X-Powered-By')).toBeNull();
  });
});

/** For addresses that are not in the document. */
async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.status;
}

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle?: { readonly stack?: readonly Layer[] };
  /** Mounted at the root. */
  readonly slash?: boolean;
}

/** Every route of the running app, in the words of OpenAPI, but for those of pages, which are mounted below a path. */
function routesOf({ app }: RunningApi): string[] {
  const walk = (layers: readonly Layer[]): string[] =>
    layers.flatMap(({ route, handle, slash }) =>
      route === undefined
        ? walk(slash === false ? [] : (handle?.stack ?? []))
        : Object.keys(route.methods).map(
            (method) => `${method} ${route.path.replace(/:(\w+)/g, '{$1}')}`,
          ),
    );
  return walk(app.router.stack as unknown as readonly Layer[]);
}
