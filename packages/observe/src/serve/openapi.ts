import type { Parameter, Route } from './route.ts';

/** What a JSON document is made of. */
type Json = Readonly<Record<string, unknown>>;

const REFUSED = { $ref: '#/components/responses/Refused' };

const parameterOf = ({ name, help, schema, required = false }: Parameter): Json => ({
  name,
  in: 'query',
  required,
  description: help,
  schema,
  // `a[]=x&a[]=y` is how a list is given; others are one text.
  ...(schema['type'] === 'array' ? { style: 'form', explode: true } : {}),
});

const contentOf = (gives: Route['gives']): Json => Object.fromEntries(Object.entries(gives).map(([type, schema]) => [type, { schema }]));

/** `get /api/v1/processes/signal` is called `get_processes_signal`. */
const nameOf = ({ method, path }: Route): string =>
  [method.toLowerCase(), ...path.replace(/^\/api\/v1/, '').split('/')]
    .filter((part) => part !== '')
    .join('_')
    .replaceAll(/[^a-z_]/g, '_');

function operationOf(route: Route): Json {
  const { summary, parameters = [], takes, gives, scope } = route;
  return {
    operationId: nameOf(route),
    summary,
    // Looking takes a token only where the daemon is asked for one: on other addresses than loopback.
    security: scope === 'act' ? [{ actToken: [] }] : [{}, { token: [] }],
    ...(parameters.length > 0 ? { parameters: parameters.map(parameterOf) } : {}),
    ...(takes ? { requestBody: { required: true, content: { 'application/json': { schema: takes } } } } : {}),
    responses: { '200': { description: summary, content: contentOf(gives) }, '4XX': REFUSED, '5XX': REFUSED },
  };
}

/** The stream is no route: it leaves HTTP. What it sends is in docs/api.md, because OpenAPI has no words for it. */
const STREAM: Json = {
  get: {
    operationId: 'get_stream',
    summary: 'Every sample, event and alert as it comes, over a WebSocket.',
    security: [{}, { token: [] }],
    responses: { '101': { description: 'The connection is a WebSocket now.' }, '4XX': REFUSED, '5XX': REFUSED },
  },
};

/** The OpenAPI 3.1 document of an API, made from its routes. */
export function describeApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'hecate',
      version,
      summary: 'What hecate serve knows of the machine that it runs on.',
      description: 'Units are bytes, seconds, and ratios from 0 to 1; times are seconds since the epoch; null means unknown.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths: { ...paths, '/api/v1/stream': STREAM },
    components: {
      schemas: {
        Error: {
          type: 'object',
          required: ['error'],
          properties: {
            error: {
              type: 'object',
              required: ['code', 'message'],
              properties: {
                code: { type: 'string', description: 'One of docs/errors.md.' },
                message: { type: 'string', description: 'One sentence.' },
                hint: { type: 'string', description: 'What to do about it.' },
              },
            },
          },
        },
      },
      responses: {
        Refused: {
          description: 'Why there is no answer.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token for looking. On a loopback address none is asked for unless the daemon is told to.',
        },
        actToken: { type: 'http', scheme: 'bearer', description: 'The token for acting.' },
      },
    },
  };
}
