import {
  closeSync,
  fstatSync,
  fsyncSync,
  futimesSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { errnoOf, HecateError } from './error.ts';
import { openHost } from './host.ts';
import type { Host } from './host.ts';
import { describeSelf, LOCK_PATIENCE, ownerLives, parseLockOwner } from './lock-owner.ts';
import type { LockOwner } from './lock-owner.ts';

/** Milliseconds between two signs of life. */
const TOUCH_PERIOD = 10_000;
/** How often a lock that vanishes or changes under our eyes is looked at anew. */
const MOST_TRIES = 1000;

/** What a lock is for, as its errors say it: `Another recorder (pid 7) writes to /data.` */
export interface LockWords {
  /** Who takes it: a noun that gets its plural by an s. */
  readonly holder: string;
  /** What the holder writes to. */
  readonly place: string;
  /** One sentence on what a user can do while another one holds it. */
  readonly hint: string;
}

/** The right to write to a place that one process at a time may write to. */
export interface FileLock {
  /** The file that stands for it. */
  readonly path: string;
  /** Shows life and checks that the lock is still ours. Takes it again when its file vanished; throws CONFLICT when another has it. */
  confirm(): void;
  /** Gives it back; the second time does nothing. */
  release(): void;
}

/** What is wanted, and by whom. */
interface Claim {
  readonly file: string;
  readonly words: LockWords;
  readonly self: LockOwner;
  readonly host: Host;
}

/**
 * Makes this process the one holder of a lock file, in a directory that exists. Throws CONFLICT, naming the pid, while another one
 * lives; a lock that was left behind by a crash, a kill or a reboot is taken over. Where the other one cannot be looked at (another pid
 * namespace or machine that shares the directory), it counts as alive until its lock was not touched for {@link LOCK_PATIENCE} seconds;
 * such machines need clocks that agree. `host` is the machine we run on. Errors of the file system are thrown as they come.
 */
export function takeFileLock(file: string, words: LockWords, host: Host = openHost()): FileLock {
  const claim: Claim = { file, words, self: describeSelf(host), host };
  let descriptor = take(claim);
  let released = false;

  const isOurs = (): boolean | null => {
    const now = statSync(file, { throwIfNoEntry: false });
    if (!now) return null;
    const own = fstatSync(descriptor);
    return now.ino === own.ino && now.dev === own.dev;
  };
  const touch = (): void => futimesSync(descriptor, new Date(), new Date());
  // A sign of life also when writes are rare. It touches the file that we opened, never one that replaced it.
  const timer = setInterval(() => {
    try {
      touch();
    } catch {
      // The file system is in trouble. The next write meets it too and reports it; a timer has nobody to tell.
    }
  }, TOUCH_PERIOD).unref();

  return {
    path: file,
    confirm() {
      const ours = isOurs();
      if (ours === true) return touch();
      if (ours === false) {
        throw new HecateError('CONFLICT', `Another ${words.holder} has taken over ${words.place}.`, {
          hint: 'Only one can write there. It may have believed this one dead after a long pause.',
        });
      }
      const again = take(claim);
      closeSync(descriptor);
      descriptor = again;
    },
    release() {
      if (released) return;
      released = true;
      clearInterval(timer);
      try {
        if (isOurs() === true) rmSync(file, { force: true });
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

/** Creates the lock file and answers its descriptor; clears a dead owner's away first. */
function take(claim: Claim): number {
  const { file, words, self } = claim;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const descriptor = create(file, self);
    if (descriptor !== null) return descriptor;
    const holder = readHolder(file);
    if (holder === null) continue;
    if (holder.owner === null && holder.age < LOCK_PATIENCE && tries < 20) {
      // Another starter has created it and not yet written its name: a moment.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      continue;
    }
    if (lives(holder, claim)) throw conflict(holder.owner, claim);
    clear(claim);
  }
  throw new HecateError('CONFLICT', `The lock ${file} keeps changing.`, {
    hint: `Several ${words.holder}s start there over and over; stop all but one.`,
  });
}

/**
 * Removes a lock whose owner is dead. Two starters may see the same dead owner at once, and the slower one must not remove the lock
 * that the faster one took meanwhile. So whoever removes holds a lock on that, and looks again while holding it.
 */
function clear(claim: Claim): void {
  const guard = `${claim.file}~`;
  const descriptor = take({ ...claim, file: guard });
  try {
    const holder = readHolder(claim.file);
    if (holder !== null && !lives(holder, claim)) rmSync(claim.file, { force: true });
  } finally {
    rmSync(guard, { force: true });
    closeSync(descriptor);
  }
}

/** File systems without hard links, and sandboxes that refuse them. */
const NO_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Makes the lock file, unless there is one. It appears with its owner's name in it: one that was killed between the two would leave
 * a lock of nobody, which everybody would have to wait for.
 */
function create(file: string, self: LockOwner): number | null {
  const beside = `${file}.${anyName()}`;
  const descriptor = write(beside, self);
  try {
    linkSync(beside, file);
    sweep(file);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    if (errnoOf(error) === 'EEXIST') return null;
    if (NO_LINKS.has(errnoOf(error))) return createInPlace(file, self);
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

function createInPlace(file: string, self: LockOwner): number | null {
  try {
    return write(file, self);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return null;
    throw error;
  }
}

/** Makes a file with the owner's name; when that fails there is none. */
function write(file: string, self: LockOwner): number {
  const descriptor = openSync(file, 'wx', 0o644);
  try {
    writeSync(descriptor, `${JSON.stringify(self)}\n`);
    // After a power cut an empty lock would look like one that is being written.
    fsyncSync(descriptor);
    return descriptor;
  } catch (error) {
    rmSync(file, { force: true });
    closeSync(descriptor);
    throw error;
  }
}

/** Twelve digits by chance: enough for files that live a moment. */
const anyName = (): string =>
  Math.floor(Math.random() * 2 ** 48)
    .toString(16)
    .padStart(12, '0');

/** Removes what starters left beside the lock that were killed while they made it. */
function sweep(file: string): void {
  const directory = path.dirname(file);
  for (const name of readdirSync(directory)) {
    if (!name.startsWith(`${path.basename(file)}.`) || !/\.[0-9a-f]{12}$/.test(name)) continue;
    const left = statSync(path.join(directory, name), { throwIfNoEntry: false });
    if (left && (Date.now() - left.mtimeMs) / 1000 > LOCK_PATIENCE) rmSync(path.join(directory, name), { force: true });
  }
}

interface Holder {
  /** Null when the file does not say. */
  readonly owner: LockOwner | null;
  /** Seconds since the last sign of life. */
  readonly age: number;
}

function readHolder(file: string): Holder | null {
  try {
    const age = (Date.now() - statSync(file).mtimeMs) / 1000;
    return { owner: parseLockOwner(readFileSync(file, 'utf8')), age };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function lives({ owner, age }: Holder, { self, host }: Claim): boolean {
  return owner === null ? age < LOCK_PATIENCE : ownerLives(owner, self, host, age);
}

function conflict(owner: LockOwner | null, { file, words, self }: Claim): HecateError {
  const elsewhere = owner !== null && (owner.hostname !== self.hostname || owner.namespace !== self.namespace || owner.boot !== self.boot);
  const name = owner === null ? '' : ` (pid ${owner.pid}${elsewhere ? ` on ${owner.hostname}` : ''})`;
  const wait = elsewhere || owner === null ? ` If it is gone, ${file} is free ${LOCK_PATIENCE} s after its last sign of life.` : '';
  return new HecateError('CONFLICT', `Another ${words.holder}${name} writes to ${words.place}.`, {
    hint: `${words.hint}${wait}`,
  });
}
