import { HecateError } from '@hecate/host';
import type { LinkAction } from '../action.ts';
import type { ActionHandler } from '../handler.ts';
import { checkPlace } from './file/keepable.ts';
import { placePathOf, tidyPlace } from './file/path.ts';
import { isOurPlace, isPlaceRestored, makePlace, readPlace } from './file/place.ts';
import type { Place } from './file/place.ts';
import { expectProperties, lineOf } from './raw-action.ts';

/** Symbolic links. A file that was in its place is kept in the journal, and comes back as the kind `file` does it. */
export const link: ActionHandler<LinkAction> = {
  kind: 'link',
  things: 'place',
  persists: true,
  parse(raw) {
    expectProperties(raw, 'link', ['path', 'target']);
    const path = placePathOf(raw, 'link');
    const target = raw['target'] === null ? null : lineOf(raw, 'target', 'link');
    if (target === path) throw new HecateError('INVALID', `${path} would point to itself.`);
    return { kind: 'link', path, target };
  },
  target: ({ path }) => path,
  describe: ({ path }) => `link ${path}`,
  current: (host, { path }) => readPlace(host, path),
  wanted: (action, was) => wantedPlace(action, was as Place),
  check: (host, { path }, was) => checkPlace(host, path, was as Place),
  apply: (host, action, was) => makePlace(host, action.path, wantedPlace(action, was as Place)),
  restore: (host, { path }, was) => makePlace(host, path, was as Place),
  tidy: tidyPlace,
  isOurs: isOurPlace,
  isRestored: isPlaceRestored,
};

function wantedPlace({ target }: LinkAction, was: Place): Place {
  if (target !== null) return { kind: 'link', target };
  return was.kind === 'none' ? was : { kind: 'none', missing: [] };
}
