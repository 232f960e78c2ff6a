import type { WritableHost } from '@hecate/host';
import type { Action, Json } from '../action.ts';
import type { ActionHandler } from '../handler.ts';

/** A handler of value files: files of /proc and /sys answer at once, so nothing is waited for. */
export interface ValueHandler<A extends Action> extends ActionHandler<A> {
  current(host: WritableHost, action: A): Json;
  wanted(action: A, was: Json, host: WritableHost): Json;
  check(host: WritableHost, action: A, was: Json): void;
  apply(host: WritableHost, action: A, was: Json): void;
  restore(host: WritableHost, action: A, was: Json): void;
}
