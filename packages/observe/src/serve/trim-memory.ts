import { readFileSync } from 'node:fs';

/** A range of addresses. */
export interface Mapping {
  readonly start: bigint;
  readonly length: bigint;
}

/** Seconds after the start: by then the pages that only starting needed are cold. */
const DELAY = 6;
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
      current = { mapping: { start, length: BigInt(`0x${header[2]}`) - start }, file: header[4] !== '0' && header[3]![1] === '-' && header[3]![3] === 'p' };
      dirty = false;
    } else if (/^(Anonymous|Private_Dirty|Shared_Dirty|Locked|Swap):\s+[1-9]/.test(line)) dirty = true;
  }
  finish();
  return clean;
}

/**
 * Once, some seconds after the start, gives back the pages of the program file that only starting needed: they can be
 * read again from the file at any time. Nearly halves what the daemon occupies (docs/performance.md).
 * Linux only; without the native library it is left out, which costs memory and nothing else.
 */
export function trimMemoryOnce(signal: AbortSignal, onError: (error: unknown) => void): void {
  if (process.platform !== 'linux' || signal.aborted) return;
  const timer = setTimeout(() => { trim().catch(onError); }, DELAY * 1000);
  timer.unref();
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
}

async function trim(): Promise<void> {
  const { default: koffi } = await import('koffi');
  const libc = koffi.load(null);
  const madvise = libc.func('int madvise(uint64_t addr, uint64_t length, int advice)');
  for (const { start, length } of parseCleanMappings(readFileSync('/proc/self/smaps', 'utf8'))) {
    madvise(start, length, MADV_DONTNEED);
  }
}
