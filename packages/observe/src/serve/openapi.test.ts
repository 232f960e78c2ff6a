import { expect, test } from 'vitest';
import { schemaFaults, valueFaults } from './json-schema.testing.ts';
import { describeApi } from './openapi.ts';
import { ROUTES } from './routes/index.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: unknown; readonly description: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> };
  readonly responses: Readonly<
    Record<
      string,
      { readonly $ref?: string; readonly description?: string; readonly content?: Readonly<Record<string, { readonly schema: unknown }>> }
    >
  >;
}
interface Document {
  readonly openapi: string;
  readonly info: Readonly<Record<string, unknown>>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>;
    readonly responses: object;
    readonly securitySchemes: object;
  };
}
// As it is sent: what JSON cannot say is not in it.
const document = JSON.parse(JSON.stringify(describeApi(ROUTES, '1.2.3'))) as Document;

/** Whether a reference inside the document leads anywhere. */
function resolves(ref: string): boolean {
  let place: unknown = document;
  for (const part of ref.replace(/^#\//, '').split('/')) place = (place as Readonly<Record<string, unknown>> | undefined)?.[part];
  return ref.startsWith('#/') && place !== undefined;
}

function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : refsIn(inner)));
}

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

test('the document has what OpenAPI 3.1 wants, and every reference leads somewhere', () => {
  expect(document.openapi).toMatch(/^3\.1\.\d+$/);
  expect(document.info).toMatchObject({ title: expect.any(String), version: '1.2.3' });
  expect(refsIn(document).length).toBeGreaterThan(10);
  expect(refsIn(document).filter((ref) => !resolves(ref))).toEqual([]);
});

test('every route is in it, and every operation is whole', () => {
  expect(operations.map(({ path, method }) => `${method} ${path}`).sort()).toEqual(
    [...ROUTES.map(({ method, path }) => `${method.toLowerCase()} ${path}`), 'get /api/v1/stream'].sort(),
  );
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  for (const { path, method, operation } of operations) {
    const name = `${method} ${path}`;
    expect(path, name).toMatch(/^\/[\w./-]*$/);
    expect(['get', 'post', 'delete'], name).toContain(method);
    expect(operation.operationId, name).toMatch(/^[a-z]+(_[a-z]+)+$/);
    expect(operation.summary, name).toMatch(/\S.*\.$/);
    expect(Object.keys(operation.responses), name).toEqual(expect.arrayContaining(['4XX', '5XX']));
    for (const [status, response] of Object.entries(operation.responses)) {
      expect(status, name).toMatch(/^[1-5](\d\d|XX)$/);
      expect(response.$ref ?? response.description, name).toBeTruthy();
    }
    for (const requirement of operation.security)
      for (const scheme of Object.keys(requirement)) expect(document.components.securitySchemes, name).toHaveProperty(scheme);
    expect(method === 'get' && operation.requestBody !== undefined, name).toBe(false);
  }
});

test('acting always takes the token for it, looking never does', () => {
  for (const { method, path, scope } of ROUTES) {
    const { security } = document.paths[path]![method.toLowerCase()]!;
    expect(security, path).toEqual(scope === 'act' ? [{ actToken: [] }] : [{}, { token: [] }]);
  }
});

test('every schema is one, parameters are told apart, and defaults are what their schemas allow', () => {
  for (const { path, method, operation } of operations) {
    const name = `${method} ${path}`;
    const parameters = operation.parameters ?? [];
    expect(new Set(parameters.map((parameter) => parameter.name)).size, name).toBe(parameters.length);
    const schemas = [
      ...parameters.map(({ schema }) => schema),
      ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema),
      ...Object.values(operation.responses).flatMap(({ content = {} }) => Object.values(content).map(({ schema }) => schema)),
    ];
    for (const schema of schemas) expect(schemaFaults(schema, resolves), name).toEqual([]);
    for (const { schema, description } of parameters) {
      expect(description, name).toMatch(/\S/);
      const { default: usual } = schema as { default?: unknown };
      if (usual !== undefined) expect(valueFaults(usual, schema as Readonly<Record<string, unknown>>), name).toEqual([]);
    }
  }
  expect(Object.values(document.components.schemas).flatMap((schema) => schemaFaults(schema, resolves))).toEqual([]);
});

test('the checker finds what is wrong', () => {
  const schema = {
    type: 'object',
    required: ['a'],
    properties: { a: { type: ['integer', 'null'], minimum: 0 }, b: { items: { enum: [1] } } },
    additionalProperties: false,
  };
  expect(valueFaults({ a: null, b: [1] }, schema)).toEqual([]);
  expect(valueFaults({ a: -1, b: [1, 2], c: 0 }, schema)).toEqual([
    '$.a is below 0.',
    '$.b[1] is none of [1].',
    '$.c should not be there.',
  ]);
  expect(valueFaults({ a: 1.5 }, schema)).toEqual(['$.a is number, not integer or null.']);
  expect(valueFaults({}, schema)).toEqual(['$.a is missing.']);
  expect(schemaFaults({ type: 'text', nonsense: 1, required: ['x'], $ref: '#/nowhere' }, () => false)).toHaveLength(4);
});
