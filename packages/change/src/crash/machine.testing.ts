import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openRootedHost, openWritableHost } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import { pictureOf } from '../actions/tree-picture.testing.ts';
import { encodeRecord } from '../journal/record.ts';
import { isFlushed, openJournalStore } from '../journal/store.ts';
import type { JournalStore } from '../journal/store.ts';

/** What is thrown in a process that was killed: nothing of it has an effect any more. */
export class Death extends Error {}

/** Where in an effect something goes wrong: not begun, half done, done. */
export type Position = 'before' | 'during' | 'after';

/** What goes wrong at the n-th effect: the process is killed, or the system refuses. */
export type Mishap =
  | { readonly at: number; readonly position: Position }
  | { readonly at: number; readonly errno: string; /** It stays so, for everything of that sort. */ readonly lasting: boolean };

/** What the kernel makes of a text that is written to a value file: the new contents of files. Throws EINVAL. */
export type Kernel = (file: string, text: string, read: (file: string) => string) => Readonly<Record<string, string>>;

/** Tree and journals of a moment. */
export interface Saved {
  readonly tree: Readonly<Record<string, Entry>>;
  readonly journals: Readonly<Record<string, Buffer>>;
}

/** A file, link or directory of a tree, by what it takes to make it. */
export type Entry = { readonly text: string; readonly mode: number } | { readonly link: string } | { readonly directory: number };

/** A machine of real files whose every effect counts, and that dies or refuses at one of them. */
export interface Machine {
  readonly host: WritableHost;
  readonly store: JournalStore;
  /** Where journals and lock lie. */
  readonly directory: string;
  /** Effects since the last `expect`. */
  readonly effects: number;
  readonly isDead: boolean;
  /** The sort of effect that was refused: `journal`, `disk`, `write FILE`; empty for none. */
  readonly lastRefusal: string;
  /** Wall clock of the machine, in seconds. */
  now: number;
  /** Makes the machine live, and lays down what shall go wrong; null for nothing. */
  expect(mishap: Mishap | null): void;
  /** All files with kind, owner, mode and content. */
  picture(): Record<string, string>;
  save(): Saved;
  load(saved: Saved): void;
  /** A power cut: what was not flushed is gone, the values of the kernel are those of `boot` again, and another boot runs. */
  cutPower(boot: Readonly<Record<string, string>>): void;
  remove(): void;
}

const BOOT_ID = '/proc/sys/kernel/random/boot_id';
const errnoError = (code: string): Error => Object.assign(new Error(`${code}: it was wanted so`), { code });
/** In memory where that can be had: thousands of machines are made and flushed. */
const place = (): string => (statSync('/dev/shm', { throwIfNoEntry: false })?.isDirectory() ? '/dev/shm' : tmpdir());

/** Makes a machine. Paths of `tree` are those of the machine, parents first. */
export function createMachine(tree: Readonly<Record<string, Entry>>, kernel: Kernel): Machine {
  const top = mkdtempSync(path.join(place(), 'hecate-crash-'));
  const root = path.join(top, 'root');
  const directory = path.join(top, 'journal');
  let effects = 0;
  let isDead = false;
  let mishap: Mishap | null = null;
  let boots = 0;
  const flushed = new Map<number, number>();

  const build = (entries: Readonly<Record<string, Entry>>): void => {
    rmSync(root, { recursive: true, force: true });
    mkdirSync(path.join(root, path.dirname(BOOT_ID)), { recursive: true });
    for (const [file, entry] of Object.entries(entries)) {
      const at = path.join(root, file);
      if ('directory' in entry) mkdirSync(at, { recursive: true });
      else if ('link' in entry) symlinkSync(entry.link, at);
      else writeFileSync(at, entry.text);
      if ('mode' in entry) chmodSync(at, entry.mode);
      if ('directory' in entry) chmodSync(at, entry.directory);
    }
  };
  build({ [BOOT_ID]: { text: 'boot-0\n', mode: 0o444 }, ...tree });
  mkdirSync(directory, { mode: 0o700 });
  const real = openWritableHost(openRootedHost(root));
  let files = openJournalStore(directory);
  const journal = (id: number): string => path.join(directory, `${String(id).padStart(6, '0')}.journal`);

  /** One effect: `half` is what is there when it is cut in the middle. */
  const effect = (sort: string, act: () => void, half: () => void = () => undefined): void => {
    if (isDead) throw new Death();
    const number = effects++;
    if (mishap && 'errno' in mishap) {
      if (number === mishap.at || (mishap.lasting && number > mishap.at && sort === refused)) {
        refused = sort;
        half();
        throw errnoError(mishap.errno);
      }
    } else if (mishap?.at === number) {
      isDead = true;
      if (mishap.position === 'during') half();
      if (mishap.position === 'after') act();
      throw new Death();
    }
    act();
  };
  /** The sort of effects that a lasting mishap is of. */
  let refused = '';
  const beside = (file: string): string => path.join(real.resolve(path.dirname(file)), `.${path.basename(file)}.hecate`);

  const host: WritableHost = {
    ...real,
    clock: { now: () => machine.now, monotonic: () => machine.now },
    setValue: (file, text) =>
      effect(
        `write ${file}`,
        () => {
          for (const [changed, content] of Object.entries(kernel(file, text, real.readText))) real.setValue(changed, content);
        },
        // A plain file is emptied before it is written. Those that change others are the kernel's own, which it does at once.
        () => mishap && !('errno' in mishap) && Object.keys(kernel(file, text, real.readText)).length === 1 && real.setValue(file, ''),
      ),
    placeFile: (file, content, attributes) =>
      effect(
        'disk',
        () => real.placeFile(file, content, attributes),
        () => mishap && !('errno' in mishap) && writeFileSync(beside(file), content.subarray(0, content.length / 2), { mode: 0o600 }),
      ),
    placeLink: (file, target) =>
      effect(
        'disk',
        () => real.placeLink(file, target),
        () => mishap && !('errno' in mishap) && symlinkSync(target, beside(file)),
      ),
    tidy: (file) => effect('disk', () => real.tidy(file)),
    removeFile: (file) => effect('disk', () => real.removeFile(file)),
    makeDirectory: (made, mode) => effect('disk', () => real.makeDirectory(made, mode)),
    removeDirectory: (found) => effect('disk', () => real.removeDirectory(found)),
  };
  const store: JournalStore = {
    ids: () => files.ids(),
    live: () => files.live(),
    read: (id) => files.read(id),
    prune: (kept) => files.prune(kept),
    append: (id, record) =>
      effect(
        'journal',
        () => {
          files.append(id, record);
          if (isFlushed(record)) flushed.set(id, statSync(journal(id)).size);
        },
        () => {
          // A kill leaves all but the newline, one byte, or half of the line; a refusal leaves nothing, or what could not be taken back.
          const { length } = Buffer.from(encodeRecord(record));
          const isRefused = mishap !== null && 'errno' in mishap;
          const left = [isRefused ? 0 : length - 1, 1, Math.floor(length / 2)][effects % 3]!;
          files.append(id, record);
          truncateSync(journal(id), statSync(journal(id)).size - length + left);
        },
      ),
  };
  const read = (at: string, found: Record<string, Entry>): void => {
    for (const entry of readdirSync(path.join(root, at), { withFileTypes: true })) {
      const file = path.posix.join(at, entry.name);
      const { mode } = entry.isSymbolicLink() ? { mode: 0 } : statSync(path.join(root, file));
      if (entry.isSymbolicLink()) found[file] = { link: real.readLink(file) };
      else if (entry.isDirectory()) found[file] = { directory: mode & 0o7777 };
      else found[file] = { text: readFileSync(path.join(root, file), 'utf8'), mode: mode & 0o7777 };
      if (entry.isDirectory()) read(file, found);
    }
  };
  const machine: Machine = {
    host,
    store,
    directory,
    now: 1_000_000,
    get effects() {
      return effects;
    },
    get isDead() {
      return isDead;
    },
    get lastRefusal() {
      return refused;
    },
    expect(next) {
      mishap = next;
      // A new process knows nothing.
      files = openJournalStore(directory);
      effects = 0;
      isDead = false;
      refused = '';
    },
    picture: () => pictureOf(root),
    save() {
      const found: Record<string, Entry> = {};
      read('/', found);
      const names = readdirSync(directory, { recursive: false }).map(String);
      return { tree: found, journals: Object.fromEntries(names.map((name) => [name, readFileSync(path.join(directory, name))])) };
    },
    load(saved) {
      build(saved.tree);
      rmSync(directory, { recursive: true, force: true });
      mkdirSync(directory, { mode: 0o700 });
      files = openJournalStore(directory);
      for (const [name, content] of Object.entries(saved.journals)) writeFileSync(path.join(directory, name), content);
      for (const id of files.ids()) flushed.set(id, statSync(journal(id)).size);
    },
    cutPower(values) {
      for (const id of files.ids()) truncateSync(journal(id), Math.min(statSync(journal(id)).size, flushed.get(id) ?? 0));
      for (const [file, text] of Object.entries(values)) writeFileSync(path.join(root, file), text);
      const boot = path.join(root, BOOT_ID);
      rmSync(boot, { force: true });
      writeFileSync(boot, `boot-${++boots}\n`);
      chmodSync(boot, 0o444);
    },
    remove: () => rmSync(top, { recursive: true, force: true }),
  };
  return machine;
}
