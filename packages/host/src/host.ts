import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, realpathSync, statfsSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { systemClock, standingClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { errnoOf, HecateError, namePath } from './error.ts';
import type { NativeLibraries } from './native-library.ts';
import { createScratch, keepFile, readWhole } from './file.ts';
import type { Bytes, KeptFile } from './file.ts';
import { openRecording, parseRecordingHead, RECORDING_FILE, runRecorded } from './recording.ts';
import type { Recording, RecordingHead } from './recording.ts';
import { runProgram } from './run.ts';
import type { Finished, RunOptions } from './run.ts';

/** Seconds since boot that one CPU spent in each mode. */
export interface CpuTime {
  readonly user: number;
  readonly nice: number;
  readonly system: number;
  readonly idle: number;
}

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
  /** CPU times of that machine as Node.js knows them, without a native call of ours; none where it cannot tell. Absent: nobody is there to ask. */
  cpuTimes?(): readonly CpuTime[];
  /** What stands in for the native libraries of that machine, for tests. Absent: a real machine has its own, a rooted one none. */
  libraries?(): NativeLibraries;
  /** The moments of a machine that was recorded at more than one. */
  readonly recording?: Recording;
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

function createHost(
  parts: Pick<Host, 'kind' | 'root' | 'platform' | 'clock' | 'run' | 'cpuTimes' | 'recording'>,
  resolve: (path: string) => string,
): Host {
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

/** os.cpus() has milliseconds. */
const readCpuTimes = (): CpuTime[] =>
  cpus().map(({ times: { user, nice, sys, idle } }) => ({ user: user / 1000, nice: nice / 1000, system: sys / 1000, idle: idle / 1000 }));

/** The machine we run on. */
export function openHost(): Host {
  const { platform } = process;
  return createHost({ kind: 'real', root: '/', platform, clock: systemClock, run: runProgram, cpuTimes: readCpuTimes }, (file) => file);
}

/** Type of the kernel's own /proc (PROC_SUPER_MAGIC of linux/magic.h): behind it is a machine that runs. */
const PROC_MAGIC = 0x9fa0;

/**
 * A machine whose files lie under `directory` (`directory/proc`, `/sys`, `/etc`): recorded, or mounted.
 * Links are followed only inside the directory, so that no answer comes from the machine we run on.
 * The clock of a recorded one stands at the time it was recorded; a mounted one runs, and so does its clock.
 * What `hecate doctor --record` wrote may be of another system than Linux, and knows what programs printed.
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
  const head = headOf(resolve);
  if (head) {
    const { recording, clock } = openRecording(head);
    const run = runRecorded(head.programs, directory);
    return createHost({ kind: 'rooted', root, platform: head.platform, clock, run, recording }, resolve);
  }
  const clock = clockOf(resolve);
  if (!clock) {
    throw new HecateError('INVALID', `The root ${directory} holds no proc directory.`, {
      hint: 'Give the directory above proc/ and sys/ of a Linux machine, or one that hecate doctor --record wrote.',
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

/** What a recording says of itself; null in a tree that hecate did not write. Throws INVALID for one that is damaged. */
function headOf(resolve: (path: string) => string): RecordingHead | null {
  let text: string;
  try {
    text = readFileSync(resolve(`/${RECORDING_FILE}`), 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
  return parseRecordingHead(text);
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
