import { HecateError } from '@hecate/host';

const OPEN = 40;
const CLOSE = 41;
const SPACE = 32;
const MINUS = 45;
const ZERO = 48;

/**
 * Where the fields that follow the state lie in {@link StatLine.numbers}
 * (kernel: Documentation/filesystems/proc.rst, table 1-4; proc_pid_stat(5) counts them from 4).
 */
export const STAT = {
  ppid: 0,
  processGroup: 1,
  session: 2,
  terminal: 3,
  foregroundGroup: 4,
  flags: 5,
  minorFaults: 6,
  childMinorFaults: 7,
  majorFaults: 8,
  childMajorFaults: 9,
  userTicks: 10,
  systemTicks: 11,
  childUserTicks: 12,
  childSystemTicks: 13,
  priority: 14,
  nice: 15,
  threads: 16,
  startTicks: 18,
  virtual: 19,
  rssPages: 20,
  processor: 35,
  realtimePriority: 36,
  policy: 37,
  blockDelayTicks: 38,
} as const;

/** Numbers up to the resident set: what the table of processes needs. */
export const TABLE_NUMBERS = 21;
/** All numbers that current kernels give (fields 4 to 52). */
export const ALL_NUMBERS = 49;

/** /proc/PID/stat, decoded into one object that is used again for each process. Times and sizes are raw: ticks, pages. */
export interface StatLine {
  pid: number;
  /** Where the name lies in the bytes. */
  nameStart: number;
  nameEnd: number;
  /** Character code of the state letter. */
  state: number;
  /** Fields by {@link STAT}. */
  readonly numbers: Float64Array;
  /** How many of them the line gave: older kernels give fewer, and not all are asked for. */
  count: number;
  /** Where the bytes end that were decoded. */
  end: number;
}

/** An empty line to decode into. */
export function createStatLine(): StatLine {
  return { pid: 0, nameStart: 0, nameEnd: 0, state: 0, numbers: new Float64Array(ALL_NUMBERS), count: 0, end: 0 };
}

const malformed = (what: string): never => {
  throw new HecateError('FAILED', `A process stat line ${what}.`);
};

/**
 * Decodes one line. The name is whatever stands between the first `(` and the last `)`: it may hold spaces, parentheses and
 * newlines. `wanted` numbers are decoded at most, and {@link TABLE_NUMBERS} at least: throws FAILED on a line that has fewer.
 */
export function parseProcessStat(bytes: Buffer, length: number, line: StatLine, wanted: number = TABLE_NUMBERS): StatLine {
  let at = 0;
  let pid = 0;
  while (at < length && at < 10 && bytes[at]! >= ZERO && bytes[at]! <= ZERO + 9) pid = pid * 10 + bytes[at++]! - ZERO;
  const close = bytes.lastIndexOf(CLOSE, length - 1);
  if (length === 0 || at === 0 || bytes[at] !== SPACE || bytes[at + 1] !== OPEN || close < at + 1) malformed('has no name');
  line.pid = pid;
  line.nameStart = at + 2;
  line.nameEnd = close;
  line.state = bytes[close + 2]!;
  at = close + 3;
  const { numbers } = line;
  let count = 0;
  for (; count < wanted; count++) {
    // One space before each number. Values past 2^53 (addresses, unlimited sizes) lose their last digits, as every double does.
    if (at >= length || bytes[at] !== SPACE) break;
    at++;
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    const start = at;
    let value = 0;
    for (; at < length; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === start || at - start > 20) break;
    numbers[count] = negative ? -value : value;
  }
  if (count < TABLE_NUMBERS) malformed(`has ${count} numbers instead of ${TABLE_NUMBERS} and more`);
  line.count = count;
  line.end = at;
  return line;
}

/** A number that changes when the name does, so that an unchanged name costs no string. */
export function nameHash(bytes: Uint8Array, { nameStart, nameEnd }: StatLine): number {
  let hash = 0x811c_9dc5;
  for (let i = nameStart; i < nameEnd; i++) hash = Math.imul(hash ^ bytes[i]!, 0x0100_0193);
  return hash;
}
