import { HecateError } from '@hecate/host';
import { expect } from 'vitest';
import type { WritableHost } from '@hecate/host';
import type { Action } from '../action.ts';
import type { ActionHandler } from '../handler.ts';
import { pictureOf } from './tree-picture.testing.ts';

/** Why an action cannot be done, as a plan says it: `CODE sentence`. Null when it can be done. On files, looking must change nothing. */
export async function obstacleOf<A extends Action>(handler: ActionHandler<A>, host: WritableHost, action: A): Promise<string | null> {
  const picture = (): unknown => (host.kind === 'rooted' ? pictureOf(host.root) : null);
  const before = picture();
  const found = await look(handler, host, action);
  expect(picture()).toEqual(before);
  return found;
}

async function look<A extends Action>(handler: ActionHandler<A>, host: WritableHost, action: A): Promise<string | null> {
  try {
    const was = await handler.current(host, action);
    await handler.wanted(action, was, host);
    await handler.check(host, action, was);
    return null;
  } catch (error) {
    if (error instanceof HecateError) return `${error.code} ${error.message}`;
    throw error;
  }
}

/** What `parse` refuses, as one line; null when it is taken. */
export function refusalOf<A extends Action>(handler: ActionHandler<A>, raw: Readonly<Record<string, unknown>>): string | null {
  try {
    handler.parse({ kind: handler.kind, ...raw });
    return null;
  } catch (error) {
    if (error instanceof HecateError) return `${error.code} ${error.message}`;
    throw error;
  }
}
