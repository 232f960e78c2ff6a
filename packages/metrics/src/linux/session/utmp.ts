import { endianness } from 'node:os';
import type { Bytes } from '@hecate/host';
import { HecateError } from '@hecate/host';
import type { UserSession } from '../../domain/users.ts';

/** `ut_type` of a login (utmp(5)). */
const USER_PROCESS = 7;
/** The largest `ut_type` there is. */
const LAST_TYPE = 9;

/**
 * struct utmp of glibc (bits/utmp.h), in its two sizes: x86-64, ppc64 and s390x keep the 32-bit layout for times and session,
 * arm64, riscv64 and others do not. Up to the host's name they are the same.
 */
const SHORT = 384;
const LONG = 400;

interface Layout {
  readonly size: number;
  readonly time: (record: Buffer) => number;
}

const isLittle = endianness() === 'LE';
const int16 = (record: Buffer, at: number): number => (isLittle ? record.readInt16LE(at) : record.readInt16BE(at));
const int32 = (record: Buffer, at: number): number => (isLittle ? record.readInt32LE(at) : record.readInt32BE(at));
const int64 = (record: Buffer, at: number): number => Number(isLittle ? record.readBigInt64LE(at) : record.readBigInt64BE(at));

const LAYOUTS: readonly Layout[] = [
  // Seconds of 32 bits, read without a sign: they last until 2106.
  { size: SHORT, time: (record) => (int32(record, 340) >>> 0) + int32(record, 344) / 1e6 },
  { size: LONG, time: (record) => int64(record, 344) + int64(record, 352) / 1e6 },
];

/** Text up to the first zero. */
function text(record: Buffer, start: number, length: number): string {
  const end = record.indexOf(0, start);
  return record.toString('utf8', start, end < 0 || end > start + length ? start + length : end);
}

/** Whether a file is made of records of this layout: its length, and the kind of each record. */
function fits({ size }: Layout, bytes: Buffer): boolean {
  if (bytes.length % size !== 0) return false;
  for (let at = 0; at < bytes.length; at += size) {
    const type = int16(bytes, at);
    if (type < 0 || type > LAST_TYPE) return false;
  }
  return true;
}

/**
 * The logins in a utmp file; records of other kinds (boots, terminals that wait) are left out. The layout is told by the length
 * of the file and the kinds of its records, since the file may be of another machine.
 * Throws FAILED when it is of neither layout.
 */
export function parseUtmp(source: Bytes): UserSession[] {
  const bytes = source.buffer.subarray(0, source.length);
  const layout = LAYOUTS.find((candidate) => fits(candidate, bytes));
  if (!layout) throw new HecateError('FAILED', 'The utmp file is not made of records that are known.');
  const sessions: UserSession[] = [];
  for (let at = 0; at < bytes.length; at += layout.size) {
    const record = bytes.subarray(at, at + layout.size);
    const user = text(record, 44, 32);
    if (int16(record, 0) !== USER_PROCESS || user === '') continue;
    const pid = int32(record, 4);
    const time = layout.time(record);
    sessions.push({
      user,
      tty: text(record, 8, 32) || null,
      host: text(record, 76, 256) || null,
      loginTime: time > 0 ? time : null,
      pid: pid > 0 ? pid : null,
      session: null,
    });
  }
  return sessions;
}
