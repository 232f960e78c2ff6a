import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openRootedHost, openWritableHost } from '@hecate/host';
import type { WritableHost } from '@hecate/host';

/** A file of a tree that is no plain text of mode 644: a link, a directory that may be empty, or a file with a mode. */
export type TreeEntry =
  | string
  | Uint8Array
  | { readonly link: string }
  | { readonly directory: true }
  | { readonly content: string; readonly mode: number };

/** A machine of files that can be written, made for one test. */
export interface WritableTree {
  readonly directory: string;
  readonly host: WritableHost;
  write(file: string, entry: TreeEntry): void;
  /** The text of a file. */
  read(file: string): string;
  remove(): void;
}

/** Makes a tree in the temporary directory; paths are those of the machine (`/sys/kernel/mm/ksm/run`). It has a /proc. */
export function createWritableTree(files: Readonly<Record<string, TreeEntry>> = {}): WritableTree {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-change-'));
  mkdirSync(path.join(directory, 'proc'));
  const write = (file: string, entry: TreeEntry): void => {
    const place = path.join(directory, file);
    mkdirSync(path.dirname(place), { recursive: true });
    if (typeof entry === 'string' || entry instanceof Uint8Array) writeFileSync(place, entry);
    else if ('link' in entry) symlinkSync(entry.link, place);
    else if ('directory' in entry) mkdirSync(place, { recursive: true });
    else {
      writeFileSync(place, entry.content);
      chmodSync(place, entry.mode);
    }
  };
  for (const [file, entry] of Object.entries(files)) write(file, entry);
  return {
    directory,
    host: openWritableHost(openRootedHost(directory)),
    write,
    read: (file) => readFileSync(path.join(directory, file), 'utf8'),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** All that lies below a directory: kind, owner, mode and content of each entry by its path. */
export function pictureOf(directory: string): Record<string, string> {
  const picture: Record<string, string> = {};
  const look = (place: string): void => {
    const { mode, uid, gid } = lstatSync(place);
    const kind = mode & 0o170_000;
    const about = `${mode.toString(8)} ${uid}:${gid}`;
    if (kind === 0o120_000) picture[place] = `${about} -> ${readlinkSync(place)}`;
    else if (kind === 0o100_000) picture[place] = `${about} ${readFileSync(place, 'base64')}`;
    else picture[place] = about;
    if (kind === 0o040_000) for (const name of readdirSync(place)) look(path.join(place, name));
  };
  look(directory);
  return picture;
}
