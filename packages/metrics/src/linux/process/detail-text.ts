import type {
  DescriptorKind,
  ProcessCapabilities,
  ProcessIds,
  ProcessIo,
  ProcessLimit,
  ProcessPages,
} from '../../domain/process-detail.ts';

/** Lines `Key:\tvalue` of /proc/PID/status, smaps_rollup, io and fdinfo. The first of a key counts. */
export function parseLines(text: string): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && !lines.has(line.slice(0, colon))) lines.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return lines;
}

/** A whole number, or null for anything else. */
export function wholeNumber(text: string | undefined, base: 8 | 10 = 10): number | null {
  if (text === undefined || !(base === 8 ? /^[0-7]{1,20}$/ : /^-?\d{1,20}$/).test(text)) return null;
  return Number.parseInt(text, base);
}

/** Bytes of `1234 kB`; null for anything else. */
export function kilobytes(text: string | undefined): number | null {
  const found = /^(\d{1,16}) kB$/.exec(text ?? '')?.[1];
  return found === undefined ? null : Number(found) * 1024;
}

/** `real effective saved filesystem`. */
export function parseIds(text: string | undefined): ProcessIds | null {
  const numbers = (text ?? '').split(/\s+/).map((word) => wholeNumber(word));
  const [real, effective, saved, filesystem] = numbers;
  if (real == null || effective == null || saved == null || filesystem == null) return null;
  return { real, effective, saved, filesystem };
}

/** Numbers separated by spaces. */
export function parseNumbers(text: string): number[] {
  return text.split(/\s+/).flatMap((word) => wholeNumber(word) ?? []);
}

/** CPUs are fewer than this on any machine (CONFIG_NR_CPUS). */
const MOST_CPUS = 8192;

/** A list like `0-3,8` (kernel: Documentation/admin-guide/cputopology.rst). */
export function parseCpuList(text: string | undefined): number[] | null {
  const cpus: number[] = [];
  for (const range of (text ?? '').split(',')) {
    const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range) ?? [];
    if (first === undefined || Number(last) >= MOST_CPUS) return null;
    for (let cpu = Number(first); cpu <= Number(last); cpu++) cpus.push(cpu);
  }
  return cpus;
}

/** /proc/PID/io, whole (kernel: Documentation/filesystems/proc.rst, section 3.3); null when a line is missing. */
export function parseWholeIo(text: string): ProcessIo | null {
  const lines = parseLines(text);
  const [readChars, writeChars, readCalls, writeCalls, readBytes, writeBytes, cancelledWriteBytes] = [
    'rchar',
    'wchar',
    'syscr',
    'syscw',
    'read_bytes',
    'write_bytes',
    'cancelled_write_bytes',
  ].map((key) => wholeNumber(lines.get(key)));
  if (readChars == null || writeChars == null || readCalls == null || writeCalls == null) return null;
  if (readBytes == null || writeBytes == null || cancelledWriteBytes == null) return null;
  return { readChars, writeChars, readCalls, writeCalls, readBytes, writeBytes, cancelledWriteBytes };
}

/** /proc/PID/limits: a table in columns of fixed width, `Limit  Soft Limit  Hard Limit  Units`. */
export function parseLimits(text: string): ProcessLimit[] {
  const bound = (word: string): number | null => (word === 'unlimited' ? null : Number(word));
  return text.split('\n').flatMap((line) => {
    const [, name, soft, hard, unit = ''] = /^(\S.*?) {2,}(\d{1,20}|unlimited) +(\d{1,20}|unlimited)(?: +(\S+))? *$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, soft: bound(soft!), hard: bound(hard!), unit }];
  });
}

/** The environment: `NAME=value` separated by NUL; the first of a name counts, and what has no `=` is left out. */
export function parseEnvironment(text: string): Record<string, string> {
  const variables: [string, string][] = [];
  for (const variable of text.split('\0')) {
    const equals = variable.indexOf('=');
    if (equals > 0) variables.push([variable.slice(0, equals), variable.slice(equals + 1)]);
  }
  return Object.fromEntries(variables.toReversed());
}

/** /proc/PID/smaps_rollup (kernel: Documentation/ABI/testing/procfs-smaps_rollup); null without its lines. */
export function parseRollup(text: string): ProcessPages | null {
  const lines = parseLines(text);
  const proportional = kilobytes(lines.get('Pss'));
  const clean = kilobytes(lines.get('Private_Clean'));
  const dirty = kilobytes(lines.get('Private_Dirty'));
  if (proportional === null || clean === null || dirty === null) return null;
  // Huge pages of hugetlbfs are private or shared beside the others.
  const unique = clean + dirty + (kilobytes(lines.get('Private_Hugetlb')) ?? 0);
  return { proportional, unique, proportionalSwap: kilobytes(lines.get('SwapPss')) ?? 0 };
}

/** The sets of capabilities in /proc/PID/status; null where one is missing. */
export function parseCapabilities(lines: ReadonlyMap<string, string>): ProcessCapabilities | null {
  const [inheritable, permitted, effective, bounding, ambient] = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((key) =>
    lines.get(key),
  );
  if (!inheritable || !permitted || !effective || !bounding || !ambient) return null;
  return { inheritable, permitted, effective, bounding, ambient };
}

/** Those who opened a directory as such say so: include/uapi/asm-generic/fcntl.h, and arch/{arm,arm64,powerpc}. */
const O_DIRECTORY = ['arm', 'arm64', 'ppc64'].includes(process.arch) ? 0o40000 : 0o200000;

/** What a descriptor's target says that it is. Whether a path is a directory only its flags tell. */
export function descriptorKind(target: string, flags: number | null): DescriptorKind {
  if (target.startsWith('socket:[')) return 'socket';
  if (target.startsWith('pipe:[')) return 'pipe';
  if (target.startsWith('/memfd:') || target.startsWith('/dev/shm/') || target.startsWith('/SYSV')) return 'memory';
  if (target.startsWith('anon_inode:')) return 'anonymous';
  if (target.startsWith('/dev/')) return 'device';
  if (flags !== null && (flags & O_DIRECTORY) !== 0) return 'directory';
  return target.startsWith('/') ? 'file' : 'other';
}

/** Scheduling policies by number (include/uapi/linux/sched.h). */
const POLICIES: Readonly<Record<number, string>> = {
  0: 'other',
  1: 'fifo',
  2: 'round-robin',
  3: 'batch',
  5: 'idle',
  6: 'deadline',
  7: 'ext',
};

/** The name of a scheduling policy; null for one that is not known. */
export function policyName(number: number): string | null {
  return POLICIES[number] ?? null;
}
