import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openNative } from '@hecate/host';
import type { Hub } from './hub.ts';

/** A range of addresses. */
export interface Mapping {
  readonly start: bigint;
  readonly length: bigint;
}

/**
 * Seconds from one trim to the next: after the start, when what only starting needed is cold; when every collector has been read
 * twice; and then often enough for old readings, which V8 itself would let pile up for megabytes before it looks at them.
 */
const PAUSES: readonly number[] = [3, 22, 300];
/** Seconds between two looks at what is occupied, and kB more than after the last trim that are not left lying until the next one. */
const LOOK = 15;
const MUCH = 12 * 1024;
/** Milliseconds after a whole second at which is trimmed: the tick, which a trim would hold up, is over then. */
const AFTER_TICK = 400;
const MADV_DONTNEED = 4;
const HEADER = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ (\d+)/;

/**
 * The mappings of /proc/self/smaps that can be dropped without loss: backed by a file, not writable, and with no page
 * that was ever changed. (A read-only mapping can hold changed pages: relocated data. Dropping those ends in a crash.)
 */
export function parseCleanMappings(smaps: string): Mapping[] {
  const clean: Mapping[] = [];
  let current: { mapping: Mapping; file: boolean } | undefined;
  let dirty = false;
  const finish = (): void => {
    if (current?.file && !dirty) clean.push(current.mapping);
  };
  for (const line of smaps.split('\n')) {
    const header = HEADER.exec(line);
    if (header) {
      finish();
      const start = BigInt(`0x${header[1]}`);
      current = {
        mapping: { start, length: BigInt(`0x${header[2]}`) - start },
        file: header[4] !== '0' && header[3]![1] === '-' && header[3]![3] === 'p',
      };
      dirty = false;
    } else if (/^(Anonymous|Private_Dirty|Shared_Dirty|Locked|Swap):\s+[1-9]/.test(line)) dirty = true;
  }
  finish();
  return clean;
}

/** kB that no file backs; 0 where nothing says so. Pages of files come back as they are used, and are no reason to trim. */
function privateMemory(): number {
  if (process.platform !== 'linux') return 0;
  return Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? 0);
}

/** Calls into the C library that give memory back. */
interface Library {
  madvise(start: bigint, length: bigint, advice: number): number;
  malloc_trim(keep: number): number;
}

/** Processes from which on reading them costs more than the compilers occupy: measured at 2,000, a fifth of the CPU in user mode. */
const MANY_PROCESSES = 300;

/** Node 20 has V8 11.3, in which some of what is asked for below is missing or means something else. */
const OLD_V8 = Number.parseInt(process.versions.node, 10) < 22;

/** Turns the compilers to machine code on or off; code that is compiled stays. So does the bound of the heap's nursery. */
export function optimise(on: boolean): void {
  const no = on ? '' : 'no-';
  setFlagsFromString(`--${no}opt`);
  setFlagsFromString(`--${no}sparkplug`);
  if (!OLD_V8) setFlagsFromString(`--${no}maglev`);
  // The nursery doubles each time as much as it holds has survived, up to 16 MiB: with slow readings, in some minutes.
  setFlagsFromString(`--semi-space-growth-factor=${on ? 2 : 1}`);
}

/**
 * Lets a daemon that keeps its memory lean have optimised code after all, once somebody looks at many processes. While nobody does
 * they are read so rarely that compiling costs more than it saves (0.51 against 0.36 % of a core at 500 processes).
 */
export function optimiseForMany(hub: Hub): void {
  const unsubscribe = hub.subscribe(({ snapshot }) => {
    if ((snapshot.processes?.length ?? 0) < MANY_PROCESSES || !hub.isWatched('processes')) return;
    unsubscribe();
    optimise(true);
  });
}

/**
 * Keeps a daemon small, at the price of speed that it does not need (figures: docs/performance.md):
 * - its code is interpreted: a few milliseconds of work a second never earn back what the compilers and their code occupy
 *   ({@link optimiseForMany} turns that on again where there is more to do);
 * - some seconds after the start, rarely after that, and when a crowd has been there, the heap is compacted, freed memory goes back
 *   to the system, and so do pages of the program file that only starting needed. They can be read again from the file at any time.
 * Linux only for the last part; without the native library it is left out, which costs memory and nothing else.
 */
export function keepMemoryLean(signal: AbortSignal, onError: (error: unknown) => void): void {
  if (signal.aborted) return;
  optimise(false);
  // Without it bytecode that is gone leaves holes that nothing closes.
  setFlagsFromString('--compact-on-every-full-gc');
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options?: object) => void;
  // To old V8 every argument means a minor collection.
  const collect = OLD_V8 ? gc : () => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  let library: Library | undefined;

  const trim = (): void => {
    collect();
    if (process.platform !== 'linux') return;
    library ??= openLibrary();
    library.malloc_trim(0);
    for (const { start, length } of parseCleanMappings(readFileSync('/proc/self/smaps', 'utf8')))
      library.madvise(start, length, MADV_DONTNEED);
  };
  let trims = 0;
  let next = performance.now() / 1000;
  let least = Number.POSITIVE_INFINITY;
  /** Clients that came and went leave tens of megabytes, most of it outside of the heap, where V8 does not see it. */
  const isDue = (): boolean => performance.now() / 1000 >= next - 1 || (trims >= PAUSES.length - 1 && privateMemory() > least + MUCH);
  const look = (): void => {
    try {
      if (isDue()) {
        trim();
        least = privateMemory();
        next = performance.now() / 1000 + PAUSES[Math.min(++trims, PAUSES.length - 1)]!;
      }
    } catch (error) {
      onError(error);
      return;
    }
    schedule();
  };
  const schedule = (): void => {
    const wait = Math.min(LOOK, Math.max(1, next - performance.now() / 1000)) * 1000;
    timer = setTimeout(look, wait - ((Date.now() + wait) % 1000) + AFTER_TICK);
    timer.unref();
  };
  next += PAUSES[0]!;
  let timer: NodeJS.Timeout | undefined;
  schedule();
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
}

function openLibrary(): Library {
  const { libraryFunction } = openNative();
  const madvise = libraryFunction('int madvise(uint64_t addr, uint64_t length, int advice)') as Library['madvise'];
  try {
    return { madvise, malloc_trim: libraryFunction('int malloc_trim(size_t keep)') as Library['malloc_trim'] };
  } catch {
    // musl has no such function; it gives memory back by itself.
    return { madvise, malloc_trim: () => 0 };
  }
}
