import { HecateError } from '@hecate/host';
import type { ByteCursor } from '../model/cursor.ts';

const OPEN = 40;
const CLOSE = 41;
/** PF_KTHREAD of include/linux/sched.h. */
const KERNEL_THREAD = 0x0020_0000;

/** /proc/PID/stat, decoded into one object that is used again for each process. Times and sizes are raw: ticks, pages. */
export interface StatLine {
  pid: number;
  /** Where the name lies in the cursor's bytes. */
  nameStart: number;
  nameEnd: number;
  state: number;
  ppid: number;
  kernel: boolean;
  userTicks: number;
  systemTicks: number;
  nice: number;
  threads: number;
  startTicks: number;
  virtual: number;
  rssPages: number;
}

/** An empty line to decode into. */
export function createStatLine(): StatLine {
  return {
    pid: 0,
    nameStart: 0,
    nameEnd: 0,
    state: 0,
    ppid: 0,
    kernel: false,
    userTicks: 0,
    systemTicks: 0,
    nice: 0,
    threads: 0,
    startTicks: 0,
    virtual: 0,
    rssPages: 0,
  };
}

/**
 * Decodes one line (kernel: Documentation/filesystems/proc.rst, table 1-4). The name is whatever stands between
 * the first `(` and the last `)`: it may hold spaces, parentheses and newlines. Throws FAILED on a malformed line.
 */
export function parseProcessStat(cursor: ByteCursor, line: StatLine): StatLine {
  line.pid = cursor.integer();
  const open = cursor.find(OPEN);
  const close = cursor.findLast(CLOSE);
  if (open < 0 || close < open) throw new HecateError('FAILED', 'A process stat line has no name.');
  line.nameStart = open + 1;
  line.nameEnd = close;
  cursor.at = close + 1;
  line.state = cursor.skipSpaces().peek();
  cursor.skipWords(1);
  line.ppid = cursor.integer();
  cursor.skipWords(4); // pgrp session tty_nr tpgid
  line.kernel = (cursor.integer() & KERNEL_THREAD) !== 0;
  cursor.skipWords(4); // minflt cminflt majflt cmajflt
  line.userTicks = cursor.integer();
  line.systemTicks = cursor.integer();
  cursor.skipWords(3); // cutime cstime priority
  line.nice = cursor.integer();
  line.threads = cursor.integer();
  cursor.skipWords(1); // itrealvalue
  line.startTicks = cursor.integer();
  line.virtual = cursor.integer();
  line.rssPages = Math.max(0, cursor.integer());
  return line;
}

/** A number that changes when the name does, so that an unchanged name costs no string. */
export function nameHash(bytes: Uint8Array, line: StatLine): number {
  let hash = 0x811c_9dc5;
  for (let i = line.nameStart; i < line.nameEnd; i++) hash = Math.imul(hash ^ bytes[i]!, 0x0100_0193);
  return hash;
}

/** The kernel cuts names at 15 bytes: take the whole one from the program's path (the first argument), if it begins with the cut one. */
export function completeName(name: string, program: string | null): string {
  if (!program || Buffer.byteLength(name) < 15) return name;
  const base = program.slice(program.lastIndexOf('/') + 1);
  return base.startsWith(name) ? base : name;
}

/** The effective user of /proc/PID/status (`Uid: real effective saved filesystem`), or null when there is no such line. */
export function parseStatusUid(text: string): number | null {
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(text)?.[1];
  return uid === undefined ? null : Number(uid);
}

/** The bytes to and from storage of /proc/PID/io; null when a line is missing. */
export function parseProcessIo(cursor: ByteCursor): { readBytes: number | null; writeBytes: number | null } {
  const io: { readBytes: number | null; writeBytes: number | null } = { readBytes: null, writeBytes: null };
  for (; !cursor.done; cursor.nextLine()) {
    if (cursor.match('read_bytes:') && cursor.numberNext) io.readBytes = cursor.integer();
    else if (cursor.match('write_bytes:') && cursor.numberNext) io.writeBytes = cursor.integer();
  }
  return io;
}

/** A command line as it was typed, about. */
export interface Command {
  /** The arguments, separated by spaces. */
  readonly line: string;
  /** The first argument: the program's path, or the title that a program gave itself. */
  readonly program: string;
}

/** The command line: arguments are separated by NUL, and a program may have overwritten them with anything. */
export function parseCommand(bytes: Buffer, length: number): Command {
  let end = length;
  while (end > 0 && (bytes[end - 1] === 0 || bytes[end - 1] === 32)) end--;
  const [program, ...rest] = bytes.toString('utf8', 0, end).split('\0');
  return { program: program!, line: [program, ...rest].join(' ') };
}
