import type { ActionKind } from '../action.ts';
import type { ActionHandler, Handlers } from '../handler.ts';

/** Every kind of action that this package can do, one file each. */
const HANDLERS: readonly ActionHandler[] = [];

/** The handlers of this package, and those that others bring (packages). */
export function openHandlers(more: readonly ActionHandler[] = []): Handlers {
  return new Map<ActionKind, ActionHandler>([...HANDLERS, ...more].map((handler) => [handler.kind, handler]));
}
