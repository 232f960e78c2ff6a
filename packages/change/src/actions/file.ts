import { HecateError } from '@hecate/host';
import type { FileAction } from '../action.ts';
import type { ActionHandler } from '../handler.ts';
import { checkPlace } from './file/keepable.ts';
import { placePathOf, tidyPlace } from './file/path.ts';
import { isOurPlace, isPlaceRestored, makePlace, MOST_FILE_BYTES, readPlace } from './file/place.ts';
import type { Place } from './file/place.ts';
import { expectProperties, quote } from './raw-action.ts';
import type { RawAction } from './raw-action.ts';
import { wholeNumberOf } from './raw-values.ts';

/** Mode of a file that was not there, when the action names none. */
const FILE_MODE = 0o644;

/**
 * Files: put in place whole by rename(2), so that readers see the old or the new one. Owner and mode stay; hard links, times
 * and the label of SELinux are not kept, and what has other attributes or set-user-ID bits is refused. Directories that are
 * missing are made, and removed again when they are empty.
 */
export const file: ActionHandler<FileAction> = {
  kind: 'file',
  things: 'place',
  persists: true,
  parse(raw) {
    expectProperties(raw, 'file', ['path', 'content'], ['mode']);
    const path = placePathOf(raw, 'file');
    const content = contentOf(raw);
    if (!('mode' in raw)) return { kind: 'file', path, content };
    if (content === null) throw new HecateError('INVALID', `${path} shall not be there, and so has no mode.`);
    return { kind: 'file', path, content, mode: wholeNumberOf(raw, 'mode', 'file', [0, 0o777]) };
  },
  target: ({ path }) => path,
  describe: ({ path }) => path,
  current: (host, { path }) => readPlace(host, path),
  wanted: (action, was) => wantedPlace(action, was as Place),
  check: (host, { path }, was) => checkPlace(host, path, was as Place),
  apply: (host, action, was) => makePlace(host, action.path, wantedPlace(action, was as Place)),
  restore: (host, { path }, was) => makePlace(host, path, was as Place),
  tidy: tidyPlace,
  isOurs: isOurPlace,
  isRestored: isPlaceRestored,
};

function contentOf(raw: RawAction): string | null {
  const content = raw['content'];
  if (content === null) return null;
  if (typeof content !== 'string')
    throw new HecateError('INVALID', `The content of a file must be text or null, and is ${quote(content)}.`);
  if (content.includes('\0')) throw new HecateError('INVALID', 'The content of a file must be text, and has NUL in it.');
  const bytes = Buffer.from(content);
  if (bytes.length > MOST_FILE_BYTES) {
    throw new HecateError('INVALID', `The content of a file has ${bytes.length} bytes: ${MOST_FILE_BYTES} are the most.`);
  }
  // Half of a surrogate pair would be written as another character.
  if (bytes.toString() !== content) throw new HecateError('INVALID', 'The content of a file must be whole characters of Unicode.');
  return content;
}

function wantedPlace({ content, mode }: FileAction, was: Place): Place {
  if (content === null) return was.kind === 'none' ? was : { kind: 'none', missing: [] };
  const owner = was.kind === 'file' ? was : { mode: FILE_MODE, uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  return { kind: 'file', encoding: 'utf8', content, mode: mode ?? owner.mode, uid: owner.uid, gid: owner.gid };
}
