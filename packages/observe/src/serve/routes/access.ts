import { JSON_TYPE } from '../route.ts';
import type { Route } from '../route.ts';

/** What the asker may do here. */
export const ACCESS: Route = {
  method: 'GET',
  path: '/api/v1/access',
  scope: 'read',
  summary: 'What you may do here.',
  gives: {
    'application/json': {
      type: 'object',
      properties: {
        scopes: { type: 'array', items: { enum: ['read', 'act'] } },
        token: { type: 'boolean', description: 'Whether looking takes a token.' },
        processes: { type: 'boolean', description: 'Whether processes can be acted on; it takes the scope act too.' },
      },
    },
  },
  answer: ({ actor }, { caller }) => ({
    type: JSON_TYPE,
    body: JSON.stringify({ scopes: caller?.scopes ?? [], token: caller?.tokenToRead ?? false, processes: actor !== undefined }),
  }),
};
