import { HecateError } from '@hecate/host';
import type { Bytes } from '@hecate/host';

const BACKSLASH = 92;
const SPACE = 32;
const NEWLINE = 10;
const ZERO = 48;

/** One line of mountinfo (kernel: Documentation/filesystems/proc.rst, 3.5). */
export interface Mount {
  readonly id: number;
  readonly parent: number;
  /** `8:1`: the device number of the file system. */
  readonly number: string;
  /** The directory of the file system that is mounted; not `/` for a bind mount of a part. */
  readonly root: string;
  /** Text for people, invalid UTF-8 replaced. */
  readonly mountpoint: string;
  /** The same as bytes, for system calls. */
  readonly path: Buffer;
  readonly fstype: string;
  readonly device: string;
  readonly readOnly: boolean;
}

/** Undoes the kernel's escapes: `\040` is a space. What is not three octal digits stays as it is. */
export function unescapeOctal(word: Buffer): Buffer {
  if (!word.includes(BACKSLASH)) return Buffer.from(word);
  const bytes = Buffer.alloc(word.length);
  let length = 0;
  for (let i = 0; i < word.length; i++) {
    const code = word[i] === BACKSLASH ? octalAt(word, i + 1) : -1;
    bytes[length++] = code < 0 ? word[i]! : code;
    if (code >= 0) i += 3;
  }
  return bytes.subarray(0, length);
}

/** The byte that three octal digits name, or -1. */
function octalAt(word: Buffer, at: number): number {
  let value = 0;
  for (let i = at; i < at + 3; i++) {
    const digit = (word[i] ?? 0) - ZERO;
    if (digit < 0 || digit > 7) return -1;
    value = value * 8 + digit;
  }
  return value <= 255 ? value : -1;
}

/** Words of a line; two spaces have an empty word between them (the kernel writes an empty source that way). */
function splitWords(line: Buffer): Buffer[] {
  const words: Buffer[] = [];
  for (let at = 0; ;) {
    const space = line.indexOf(SPACE, at);
    if (space < 0) {
      words.push(line.subarray(at));
      return words;
    }
    words.push(line.subarray(at, space));
    at = space + 1;
  }
}

/** `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`; optional fields end at `-`. */
function parseMount(line: Buffer): Mount {
  const words = splitWords(line);
  const plain = (index: number): string => words[index]?.toString('latin1') ?? '';
  const text = (index: number): string => (words[index] ? unescapeOctal(words[index]).toString('utf8') : '');
  let dash = 6;
  while (dash < words.length && plain(dash) !== '-') dash++;
  const isComplete =
    dash + 1 < words.length && /^\d{1,10}$/.test(plain(0)) && /^\d{1,10}$/.test(plain(1)) && /^\d{1,10}:\d{1,10}$/.test(plain(2));
  if (!isComplete) throw new HecateError('FAILED', 'A line of mountinfo is not as the kernel writes it.');
  const options = [...plain(5).split(','), ...plain(dash + 3).split(',')];
  const path = unescapeOctal(words[4]!);
  return {
    id: Number(plain(0)),
    parent: Number(plain(1)),
    number: plain(2),
    root: text(3),
    mountpoint: path.toString('utf8'),
    path,
    fstype: text(dash + 1),
    device: text(dash + 2),
    readOnly: options.includes('ro') || options.includes('emergency_ro'),
  };
}

/** All mounts in the order of the file, those hidden under others too. Throws FAILED on a malformed line. */
export function parseMountinfo(source: Bytes): Mount[] {
  const mounts: Mount[] = [];
  for (let at = 0; at < source.length;) {
    const newline = source.buffer.indexOf(NEWLINE, at);
    const end = newline < 0 || newline >= source.length ? source.length : newline;
    if (end > at) mounts.push(parseMount(source.buffer.subarray(at, end)));
    at = end + 1;
  }
  return mounts;
}

/**
 * The mounts that a path can lead to: of several on one point the last one, and none that lies below a point
 * on which something was mounted later. In the order of the file.
 */
export function visibleMounts(mounts: readonly Mount[]): Mount[] {
  const last = new Map<string, Mount>();
  const byId = new Map<number, Mount>();
  const siblings = new Set<string>();
  for (const mount of mounts) {
    last.set(mount.path.toString('latin1'), mount);
    byId.set(mount.id, mount);
    siblings.add(`${mount.parent} ${mount.path.toString('latin1')}`);
  }
  // Mounted on the same parent higher up, so later: had it been there before, it would be the parent.
  const isCovered = (mount: Mount): boolean => {
    const path = mount.path.toString('latin1');
    for (let slash = path.lastIndexOf('/'); slash >= 0; slash = slash > 0 ? path.lastIndexOf('/', slash - 1) : -1) {
      const above = path.slice(0, slash) || '/';
      if (above !== path && siblings.has(`${mount.parent} ${above}`)) return true;
    }
    return false;
  };
  const isReachable = (mount: Mount): boolean => {
    const seen = new Set<number>();
    for (let at: Mount | undefined = mount; at && !seen.has(at.id); at = byId.get(at.parent)) {
      if (isCovered(at)) return false;
      seen.add(at.id);
    }
    return true;
  };
  return mounts.filter((mount) => last.get(mount.path.toString('latin1')) === mount && isReachable(mount));
}
