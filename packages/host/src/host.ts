import { closeSync, openSync, readdirSync, readlinkSync, realpathSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { systemClock, standingClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { errnoOf, HecateError, namePath } from './error.ts';
import type { NativeLibraries } from './native-library.ts';
import { createScratch, keepFile, readWhole } from './file.ts';
import type { Bytes, KeptFile } from './file.ts';
import { runProgram } from './run.ts';
import type { Finished, RunOptions } from './run.ts';

/** The one door to a machine. Paths are absolute paths of that machine (`/proc/stat`), wherever its files lie here. */
export interface Host {
  /** `real`: the machine we run on. `rooted`: files under a directory, recorded or mounted. */
  readonly kind: 'real' | 'rooted';
  /** Where the machine's `/` lies here: `/`, or the directory. */
  readonly root: string;
  /** The operating system of that machine. */
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  /** Where `path` lies here. Throws ENOENT when a link in a rooted tree leads out of it. */
  resolve(path: string): string;
  /** A file that stays open between reads. Nothing is opened before the first read. */
  keep(path: string): KeptFile;
  /** Opens, reads and closes. The bytes are valid until the next read of this host. */
  read(path: string): Bytes;
  /** The file as UTF-8 text, invalid bytes replaced, the trailing newline kept. */
  readText(path: string): string;
  /** The names in a directory, in the file system's order. */
  list(path: string): string[];
  /** The target of a symbolic link, as it is written there. */
  readLink(path: string): string;
  /** Runs a program of that machine; a rooted machine has none (UNAVAILABLE). */
  run(argv: readonly [string, ...string[]], options?: RunOptions): Promise<Finished>;
  /** What stands in for the native libraries of that machine, for tests. Absent: a real machine has its own, a rooted one none. */
  libraries?(): NativeLibraries;
}

/** Errors tell the path that was asked for. */
function naming<Result>(file: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    namePath(error, file);
    throw error;
  }
}

function createHost(parts: Pick<Host, 'kind' | 'root' | 'platform' | 'clock' | 'run'>, resolve: (path: string) => string): Host {
  const scratch = createScratch();
  const read = (file: string): Bytes => {
    let descriptor = -1;
    try {
      descriptor = openSync(resolve(file), 'r');
      return readWhole(descriptor, scratch);
    } catch (error) {
      namePath(error, file);
      throw error;
    } finally {
      if (descriptor >= 0) closeSync(descriptor);
    }
  };
  return {
    ...parts,
    resolve,
    keep: (file) => keepFile(file, resolve, scratch),
    read,
    readText(file) {
      const { buffer, length } = read(file);
      return buffer.toString('utf8', 0, length);
    },
    list: (directory) => naming(directory, () => readdirSync(resolve(directory))),
    readLink: (link) => naming(link, () => readlinkSync(resolve(path.dirname(link)) + path.sep + path.basename(link))),
  };
}

/** The machine we run on. */
export function openHost(): Host {
  return createHost({ kind: 'real', root: '/', platform: process.platform, clock: systemClock, run: runProgram }, (file) => file);
}

/** Type of the kernel's own /proc (PROC_SUPER_MAGIC of linux/magic.h): behind it is a machine that runs. */
const PROC_MAGIC = 0x9fa0;

/**
 * A machine whose files lie under `directory` (`directory/proc`, `/sys`, `/etc`): recorded, or mounted.
 * Links are followed only inside the directory, so that no answer comes from the machine we run on.
 * The clock of a recorded one stands at the time it was recorded; a mounted one runs, and so does its clock.
 * Throws INVALID when the directory holds no such tree.
 */
export function openRootedHost(directory: string): Host {
  let root: string;
  try {
    root = realpathSync(directory);
    if (!statSync(root).isDirectory()) throw new HecateError('INVALID', `${directory} is not a directory.`);
  } catch (error) {
    if (error instanceof HecateError) throw error;
    const why = errnoOf(error) === 'ENOENT' ? 'does not exist' : `cannot be read (${errnoOf(error) ?? 'unknown error'})`;
    throw new HecateError('INVALID', `The root ${directory} ${why}.`, {
      hint: 'Give a directory that holds proc/ and sys/.',
      cause: error,
    });
  }
  const resolve = (file: string): string => {
    const found = naming(file, () => realpathSync(path.join(root, file)));
    if (found !== root && !found.startsWith(root.endsWith(path.sep) ? root : root + path.sep)) {
      throw Object.assign(new Error(`${file} leads out of the root.`), { code: 'ENOENT', path: file });
    }
    return found;
  };
  const clock = clockOf(resolve);
  if (!clock) {
    throw new HecateError('INVALID', `The root ${directory} holds no proc directory.`, {
      hint: 'Give the directory above proc/ and sys/, as recorded or mounted from a Linux machine.',
    });
  }
  return createHost(
    {
      kind: 'rooted',
      root,
      platform: 'linux',
      clock,
      run: ([program]) =>
        Promise.reject(new HecateError('UNAVAILABLE', `${program} cannot be run on a machine that is only files under ${directory}.`)),
    },
    resolve,
  );
}

/** The clock of the machine whose /proc is where `resolve` says; null when there is none inside the root. */
function clockOf(resolve: (path: string) => string): Clock | null {
  try {
    const proc = resolve('/proc');
    const { mtimeMs } = statSync(`${proc}/`);
    return statfsSync(proc).type === PROC_MAGIC ? systemClock : standingClock(mtimeMs / 1000);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}
