import { closeSync, openSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { errnoOf, HecateError } from './error.ts';
import { nativeBuffer, openNative } from './native.ts';
import type { Native } from './native.ts';

/** What a process that confines itself can still do. Reading is never restricted. */
export interface ConfinementOptions {
  /** Directories in which anything may be written, and files that may be written. What is not there is left out. */
  readonly writable: readonly string[];
  /** TCP ports that may still be bound; absent: any. */
  readonly bind?: readonly number[];
  /** Whether TCP connections may be opened. */
  readonly connect: boolean;
  /** Whether processes outside of the confinement may be sent signals. */
  readonly signal: boolean;
}

/** What the kernel holds a process to from now on: older kernels know less. */
export interface Confinement {
  /** Version of the kernel's Landlock, from 1. */
  readonly version: number;
  /** What is restricted, for people: `writing files`, `cutting files`, `TCP`, `signals`. */
  readonly restricts: readonly string[];
}

// include/uapi/linux/landlock.h
const CREATE_RULESET_VERSION = 1;
const RULE_PATH_BENEATH = 1;
const RULE_NET_PORT = 2;
const WRITE_FILE = 1n << 1n;
const REMOVE = (1n << 4n) | (1n << 5n);
/** Directories, regular files, sockets, named pipes and links. */
const MAKE = (1n << 7n) | (1n << 8n) | (1n << 9n) | (1n << 10n) | (1n << 12n);
/** Device files: nowhere allowed. */
const MAKE_DEVICE = (1n << 6n) | (1n << 11n);
/** To move and link between directories; version 2. */
const REFER = 1n << 13n;
/** Version 3. */
const TRUNCATE = 1n << 14n;
/** Version 4. */
const BIND_TCP = 1n << 0n;
const CONNECT_TCP = 1n << 1n;
/** Version 6. */
const SCOPE_SIGNAL = 1n << 1n;

// linux/prctl.h, asm-generic/fcntl.h
const PR_SET_NO_NEW_PRIVS = 38;
const O_PATH = 0o10000000;

/** The kernel's version of Landlock. Throws UNSUPPORTED where there is none, or where it is switched off. */
export function landlockVersion(native: Native = openNative()): number {
  try {
    return native.syscall('landlock_create_ruleset', null, 0, CREATE_RULESET_VERSION);
  } catch (error) {
    if (errnoOf(error) !== 'ENOSYS' && errnoOf(error) !== 'EOPNOTSUPP') throw error;
    throw new HecateError('UNSUPPORTED', 'This kernel has no Landlock, or it is switched off.', {
      hint: 'It takes Linux 5.13 or newer, with landlock in its list lsm=.',
      cause: error,
    });
  }
}

/**
 * Confines this process, for ever, and every program that it starts. A thread that runs already goes on without: call it before
 * anything asynchronous touches a file, since the threads that do so for Node start with the first of these; then
 * {@link isConfined} says whether it holds for them. What the kernel says beside: a confined process can look into no process
 * outside (ptrace(2) rules), so /proc/PID/io, fd and exe of others cannot be read any more.
 * Throws UNSUPPORTED on a kernel without Landlock.
 */
export function confineProcess(options: ConfinementOptions, native: Native = openNative()): Confinement {
  const version = landlockVersion(native);
  const onFile = WRITE_FILE | (version >= 3 ? TRUNCATE : 0n);
  const inDirectory = onFile | REMOVE | MAKE | (version >= 2 ? REFER : 0n);
  const ruleset = nativeBuffer(24);
  ruleset.writeBigUInt64LE(inDirectory | MAKE_DEVICE, 0);
  const net = version < 4 ? 0n : (options.bind ? BIND_TCP : 0n) | (options.connect ? 0n : CONNECT_TCP);
  ruleset.writeBigUInt64LE(net, 8);
  const scoped = version >= 6 && !options.signal ? SCOPE_SIGNAL : 0n;
  ruleset.writeBigUInt64LE(scoped, 16);
  // A kernel refuses a structure that is longer than the one it knows.
  const descriptor = native.syscall('landlock_create_ruleset', ruleset, version >= 6 ? 24 : version >= 4 ? 16 : 8, 0);
  try {
    for (const path of options.writable) allowPath(native, descriptor, path, onFile, inDirectory);
    if (net & BIND_TCP) for (const port of options.bind ?? []) allowPort(native, descriptor, port);
    native.syscall('prctl', PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    native.syscall('landlock_restrict_self', descriptor, 0);
  } finally {
    closeSync(descriptor);
  }
  const restricts = ['writing files', ...(version >= 3 ? ['cutting files'] : []), ...(net ? ['TCP'] : []), ...(scoped ? ['signals'] : [])];
  return { version, restricts };
}

function allowPath(native: Native, ruleset: number, path: string, onFile: bigint, inDirectory: bigint): void {
  let parent: number;
  try {
    parent = openSync(path, O_PATH);
  } catch (error) {
    // What does not exist can neither be written nor be named in a rule.
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return;
    throw error;
  }
  try {
    // struct landlock_path_beneath_attr, packed.
    const rule = nativeBuffer(12);
    rule.writeBigUInt64LE(statSync(path).isDirectory() ? inDirectory : onFile, 0);
    rule.writeInt32LE(parent, 8);
    native.syscall('landlock_add_rule', ruleset, RULE_PATH_BENEATH, rule, 0);
  } finally {
    closeSync(parent);
  }
}

function allowPort(native: Native, ruleset: number, port: number): void {
  const rule = nativeBuffer(16);
  rule.writeBigUInt64LE(BIND_TCP, 0);
  rule.writeBigUInt64LE(BigInt(port), 8);
  native.syscall('landlock_add_rule', ruleset, RULE_NET_PORT, rule, 0);
}

/**
 * Whether the threads that read and write files for Node are confined too: asks one of them to open a file for writing that this
 * process may always write, and that no confinement lists. Nothing is written.
 */
export async function isConfined(): Promise<boolean> {
  try {
    await (await open('/proc/self/comm', 'r+')).close();
    return false;
  } catch (error) {
    if (errnoOf(error) !== 'EACCES') throw error;
    return true;
  }
}
