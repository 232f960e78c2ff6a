import { statSync } from 'node:fs';
import { errnoOf, nativeBuffer, openNative } from '@hecate/host';
import type { Host } from '@hecate/host';
import { endingOf } from '../../events/process-ending.ts';
import type { ProcessEnding } from '../../events/process-ending.ts';
import { ALL_NUMBERS, createStatLine, parseProcessStat, STAT } from '../process/stat.ts';

const UNKNOWN: ProcessEnding = { status: null, signal: null };
/** `_IOWR(0xff, 11, struct pidfd_info)` with the 64 bytes that it had at first (linux/pidfd.h, Linux 6.13). */
const PIDFD_GET_INFO = 0xc0_40_ff_0b;
const INFO_LENGTH = 64;
/** The exit status is there: since Linux 6.15, as soon as its parent has waited for the process. */
const PIDFD_INFO_EXIT = 0x8;
const EXIT_CODE_AT = 60;
const ZOMBIE = 'Z'.charCodeAt(0);
/** The last field of /proc/PID/stat: the status as wait(2) gives it (proc.rst, table 1-4). */
const EXIT_CODE = ALL_NUMBERS - 1;

/**
 * The status in the stat line of a zombie; null when it is none, or another process by now. Who may not look into the process
 * (`mayLook`) is shown 0, which then says nothing.
 */
export function parseZombieEnding(bytes: Buffer, length: number, startTicks: number, mayLook: boolean): ProcessEnding | null {
  const line = parseProcessStat(bytes, length, createStatLine(), ALL_NUMBERS);
  if (line.state !== ZOMBIE || line.numbers[STAT.startTicks] !== startTicks || line.count <= EXIT_CODE) return null;
  const code = line.numbers[EXIT_CODE]!;
  return code === 0 && !mayLook ? null : endingOf(code);
}

/** What a pidfd tells of the end; null on an older kernel (ENOTTY, EINVAL), or when the parent has not waited for the process yet. */
function pidfdEnding(descriptor: number): ProcessEnding | null {
  try {
    const info = nativeBuffer(INFO_LENGTH);
    info.writeUInt32LE(PIDFD_INFO_EXIT, 0);
    openNative().syscall('ioctl', descriptor, PIDFD_GET_INFO, info);
    return (info.readUInt32LE(0) & PIDFD_INFO_EXIT) === 0 ? null : endingOf(info.readInt32LE(EXIT_CODE_AT));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

/** What the zombie tells; null when there is none any more. */
function zombieEnding(host: Host, pid: number, startTicks: number): ProcessEnding | null {
  try {
    const user = process.geteuid?.();
    const mayLook = user === 0 || user === statSync(host.resolve(`/proc/${pid}`)).uid;
    const { buffer, length } = host.read(`/proc/${pid}/stat`);
    return parseZombieEnding(buffer, length, startTicks, mayLook);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

/** How the process ended whose pidfd says that it did; what the kernel does not tell us is null. */
export function readProcessEnding(host: Host, descriptor: number, pid: number, startTicks: number): ProcessEnding {
  // The pidfd knows it from the moment on in which the zombie goes, which may be between the first two.
  return pidfdEnding(descriptor) ?? zombieEnding(host, pid, startTicks) ?? pidfdEnding(descriptor) ?? UNKNOWN;
}
