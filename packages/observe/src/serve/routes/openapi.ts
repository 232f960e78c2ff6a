import { describeApi } from '../openapi.ts';
import { JSON_TYPE } from '../route.ts';
import type { Route } from '../route.ts';

/** The route that describes all routes, itself among them. */
export function createOpenApi(routes: () => readonly Route[]): Route {
  return {
    method: 'GET',
    path: '/api/v1/openapi.json',
    scope: 'read',
    summary: 'This API as an OpenAPI 3.1 document.',
    gives: {
      'application/json': {
        type: 'object',
        required: ['openapi', 'info', 'paths', 'components'],
        properties: { openapi: { const: '3.1.0' }, info: { type: 'object' }, paths: { type: 'object' }, components: { type: 'object' } },
      },
    },
    answer: ({ version }) => ({ type: JSON_TYPE, body: JSON.stringify(describeApi(routes(), version)) }),
  };
}
