import { HecateError } from '@hecate/host';
import type { Mount } from './mount-table.ts';

/** How access times are kept: exactly one of these is in force, and mountinfo shows none for strictatime (mount(8)). */
const ACCESS_TIMES: readonly string[] = ['strictatime', 'noatime', 'relatime'];
/** Flags whose opposite is no word with `no` before it. */
const OPPOSITES: Readonly<Record<string, string>> = { ro: 'rw', rw: 'ro', sync: 'async', async: 'sync' };
/** The word of a pair that mountinfo shows; where it shows none, the other one is in force. Of other pairs nobody can tell. */
const SHOWN: ReadonlySet<string> = new Set(
  'ro sync nosuid nodev noexec nodiratime nosymfollow lazytime discard nobarrier noauto_da_alloc'.split(' '),
);
/** What a file system does that shows no value of an option (Documentation/filesystems of the kernel; btrfs(5)). */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ext3: { commit: '5' },
  ext4: { commit: '5' },
  btrfs: { commit: '30' },
};
/** Words of mount(8) and fstab(5) that do more than set an option, or say something to other programs. */
const NO_OPTIONS: ReadonlySet<string> = new Set(
  [
    'remount bind rbind move shared slave private unbindable rshared rslave rprivate runbindable defaults auto noauto user nouser users',
    'group owner _netdev nofail loop offset sizelimit atime norelatime nostrictatime',
  ].flatMap((words) => words.split(' ')),
);

const FORM = /^[A-Za-z_][\w.-]*(?:=[\w.:/@%+-]+)?$/;

/** Throws INVALID for a word that is no option of a file system. */
export function refuseNoOption(word: string): void {
  const name = nameOf(word);
  if (FORM.test(word) && !NO_OPTIONS.has(name) && !/^(?:x-|X-|comment$)/.test(name)) return;
  throw new HecateError('INVALID', `${JSON.stringify(word.slice(0, 60))} is no option that a mounted file system can be given.`);
}

const nameOf = (word: string): string => word.split('=', 1)[0]!;

/** What an option is about: options of one subject exclude one another. `commit=60` and `commit=5`; `noatime` and `relatime`. */
export function subjectOf(word: string): string {
  const name = nameOf(word);
  if (name !== word) return name;
  if (ACCESS_TIMES.includes(word)) return 'atime';
  return [word, oppositeOf(word)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0]!;
}

const oppositeOf = (word: string): string => OPPOSITES[word] ?? (word.startsWith('no') ? word.slice(2) : `no${word}`);

/**
 * The option that is in force in place of `word`, as remounting takes it: `relatime` for `noatime`, `commit=5` for `commit=60`.
 * Throws UNSUPPORTED when the file system does not say, for then it could not be brought back.
 */
export function inForce({ own, shared, fstype }: Mount, word: string): string {
  if (ACCESS_TIMES.includes(word)) return ACCESS_TIMES.find((option) => own.includes(option)) ?? 'strictatime';
  const shown = [...own, ...shared];
  const name = nameOf(word);
  const opposite = oppositeOf(word);
  if (name !== word) {
    const value = DEFAULTS[fstype]?.[name];
    const found = shown.find((option) => option.startsWith(`${name}=`)) ?? (value === undefined ? undefined : `${name}=${value}`);
    if (found !== undefined) return sizeOf(found) === sizeOf(word) ? word : found;
  } else if (SHOWN.has(word)) return shown.includes(word) ? word : opposite;
  else if (SHOWN.has(opposite)) return shown.includes(opposite) ? opposite : word;
  throw new HecateError('UNSUPPORTED', `${fstype} does not show how it has ${name} now, so that could not be brought back.`);
}

/** A value in bytes where it is a size: `size=64m` is shown as `size=65536k`. */
function sizeOf(word: string): string {
  const [, name, digits, unit = ''] = /^(\w+)=(\d+)([kmg]?)$/i.exec(word) ?? [];
  return digits === undefined ? word : `${name}=${Number(digits) * 1024 ** ' kmg'.indexOf(unit.toLowerCase() || ' ')}`;
}

/** Options of a mount, and of what all file systems know: the kernel takes those that are not named for "off" when remounting (mount(2)). */
const KEPT: ReadonlySet<string> = new Set(
  'ro rw nosuid nodev noexec noatime nodiratime relatime nosymfollow sync dirsync lazytime mand'.split(' '),
);

/** All that must be named when remounting, so that only `words` change. */
export function remountOptions({ own, shared }: Mount, words: readonly string[]): string[] {
  const changed = new Set(words.map(subjectOf));
  const kept = [...new Set([...own, ...shared])].filter((option) => KEPT.has(option) && !changed.has(subjectOf(option)));
  const atime = kept.some((option) => subjectOf(option) === 'atime') || changed.has('atime') ? [] : ['strictatime'];
  return [...kept, ...atime, ...words];
}
