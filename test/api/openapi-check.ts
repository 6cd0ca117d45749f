/** Holds real answers against the generated OpenAPI document. */
import { expect } from 'vitest';
import { z } from 'zod';
import { openApiDocument } from '../../src/api/openapi/document.js';

interface MediaType {
  readonly schema?: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

type Content = Readonly<Record<string, MediaType>>;

interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: object };
}

/** The document as a reader gets it. */
export const document = JSON.parse(JSON.stringify(openApiDocument())) as OpenApi;

/** JSON Schema keeps its definitions elsewhere than OpenAPI. */
const definitions = JSON.parse(
  JSON.stringify(document.components.schemas).replaceAll('#/components/schemas/', '#/$defs/'),
) as object;

export function schemaOf(schema: object): z.ZodType {
  const inlined = JSON.parse(
    JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/'),
  ) as object;
  return z.fromJSONSchema({ ...inlined, $defs: definitions } as never);
}

/** The document's path that fits a real one. */
function templateOf(path: string): string | undefined {
  const [pathname = ''] = path.split('?', 1);
  const templates = Object.keys(document.paths);
  return (
    templates.find((template) => template === pathname) ??
    templates.find((template) =>
      new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(pathname),
    )
  );
}

export function checkAnswer(answer: {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly mediaType: string;
  readonly text: string;
  readonly body: object;
}): void {
  const template = templateOf(answer.path);
  const operation = document.paths[template ?? '']?.[answer.method.toLowerCase()];
  if (operation === undefined) return;
  const where = `${answer.method} ${template} ${answer.status}`;
  const response = operation.responses[String(answer.status)];
  expect(response, `${where} is not in the document`).toBeDefined();
  const content = response?.content?.[answer.mediaType];
  expect(content, `${where} as ${answer.mediaType} is not in the document`).toBeDefined();
  const value = answer.mediaType.endsWith('json') ? answer.body : answer.text;
  const parsed = schemaOf(content?.schema ?? {}).safeParse(value);
  expect(parsed.error?.issues ?? [], `${where} differs from the document`).toEqual([]);
}
