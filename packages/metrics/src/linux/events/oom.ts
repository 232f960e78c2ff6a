import { closeSync, constants, openSync, readSync } from 'node:fs';
import { errnoOf, HecateError, openNative } from '@hecate/host';
import type { Host } from '@hecate/host';
import { ByteCursor } from '../../model/cursor.ts';
import { parseKernelRecord, parseOomChoice, parseOomVictim } from './kernel-log.ts';
import { POLLIN, POLLPRI } from './poll-thread.ts';
import type { EventSource, SourceContext } from '../../events/event-source.ts';

const SEEK_END = 2;
/** A record is at most this long (PRINTKRB_RECORD_MAX of kernel/printk/internal.h, and 8 KiB before). */
const RECORD_LENGTH = 8192;
/** Records taken in at a time; others get their turn in between. */
const AT_ONCE = 512;
/** memory.events has seven short lines at most. */
const MEMORY_EVENTS_LENGTH = 1024;
/** Seconds between two looks at the counter. */
const LOOK_EVERY = 10;
/** Choices remembered until their victim is named. */
const MOST_CHOICES = 64;

const UNKNOWN = { pid: null, name: null, uid: null, rss: null, cgroup: null };

type Seek = (descriptor: number, offset: number, whence: number) => number | bigint;
/** Made once: what stands for a function of the library lives as long as the process. */
let seek: Seek | undefined;

/** Kills for want of memory, from the kernel log; where it is closed to us, from counters. */
export const oom: EventSource = {
  kinds: ['oom-kill'],
  open(context) {
    try {
      return readKernelLog(context);
    } catch (error) {
      // Closed to us, not there (in a container), or no native calls: the counters need nothing.
      if (errnoOf(error) === undefined && !(error instanceof HecateError)) throw error;
      return countKills(context);
    }
  },
};

/** The kernel log, from its end on. */
function readKernelLog({ host, emit, overrun, watch }: SourceContext): () => void {
  const descriptor = openSync(host.resolve('/dev/kmsg'), constants.O_RDONLY | constants.O_NONBLOCK);
  const close = (): void => closeSync(descriptor);
  try {
    seek ??= openNative().libraryFunction('int64_t lseek(int descriptor, int64_t offset, int whence)') as Seek;
    if (Number(seek(descriptor, 0, SEEK_END)) < 0) throw new HecateError('UNSUPPORTED', '/dev/kmsg has no end to begin at.');
    const record = Buffer.alloc(RECORD_LENGTH);
    const choices = new Map<number, string | null>();
    const take = (length: number): void => {
      const parsed = parseKernelRecord(record.subarray(0, length));
      if (parsed?.facility !== 0) return;
      const choice = parseOomChoice(parsed.text);
      if (choice) {
        choices.set(choice.pid, choice.cgroup);
        if (choices.size > MOST_CHOICES) choices.delete(choices.keys().next().value!);
        return;
      }
      const victim = parseOomVictim(parsed.text);
      if (!victim) return;
      const cgroup = choices.get(victim.pid) ?? null;
      choices.delete(victim.pid);
      emit({ kind: 'oom-kill', ...victim, cgroup, count: 1, by: 'kmsg' });
    };
    watch(descriptor, POLLIN, () => {
      for (let count = 0; count < AT_ONCE; count++) {
        try {
          const length = readSync(descriptor, record);
          if (length === 0) return;
          take(length);
        } catch (error) {
          const errno = errnoOf(error);
          if (errno === 'EAGAIN') return;
          // Records were overwritten before we came; the next read goes on behind them.
          if (errno === 'EPIPE') overrun();
          // EINVAL: a record longer than we have room for, which a line of the kernel's about a kill is not; it is passed over.
          else if (errno !== 'EINVAL') throw error;
        }
      }
    });
    return close;
  } catch (error) {
    close();
    throw error;
  }
}

/** The counter behind a word of a file of `word number` lines; null when it is not there. */
export function counterOf(cursor: ByteCursor, word: string): number | null {
  for (; !cursor.done; cursor.nextLine()) if (cursor.match(word)) return cursor.numberNext ? cursor.integer() : null;
  return null;
}

/** Counters: the own control group's at once (v2), the machine's now and then. */
function countKills(context: SourceContext): () => void {
  const closers: (() => void)[] = [];
  const close = (): void => closers.forEach((one) => one());
  try {
    const told = countGroupKills(context, closers);
    countMachineKills(context, closers, told);
    return close;
  } catch (error) {
    close();
    throw error;
  }
}

/** Tells of kills in the own control group. Gives how many it told since it was last asked. */
function countGroupKills({ host, emit, watch }: SourceContext, closers: (() => void)[]): () => number {
  const events = ownMemoryEvents(host);
  let told = 0;
  if (events === undefined) return () => 0;
  const descriptor = openSync(host.resolve(events), 'r');
  closers.push(() => closeSync(descriptor));
  const cursor = new ByteCursor();
  const buffer = Buffer.alloc(MEMORY_EVENTS_LENGTH);
  // Read through the descriptor that is waited for: that is what makes it wait for the next change.
  const read = (): number | null =>
    counterOf(cursor.reset({ buffer, length: readSync(descriptor, buffer, 0, buffer.length, 0) }), 'oom_kill ');
  let last = read();
  // The kernel wakes pollers at each change (kernel: Documentation/admin-guide/cgroup-v2.rst, memory.events).
  const stop = watch(descriptor, POLLPRI, () => {
    try {
      const now = read();
      const count = now !== null && last !== null ? now - last : 0;
      last = now;
      if (count <= 0) return;
      told += count;
      emit({ kind: 'oom-kill', ...UNKNOWN, count, by: 'cgroup' });
    } catch (error) {
      // The group is gone, and we are in another one: the counter of the machine goes on.
      if (errnoOf(error) === undefined) throw error;
      stop();
    }
  });
  return () => {
    const count = told;
    told = 0;
    return count;
  };
}

/** Tells of kills anywhere, less those that were told already. */
function countMachineKills({ host, emit, every }: SourceContext, closers: (() => void)[], told: () => number): void {
  const file = host.keep('/proc/vmstat');
  closers.push(() => file.close());
  const cursor = new ByteCursor();
  const read = (): number | null => counterOf(cursor.reset(file.read()), 'oom_kill ');
  let last = read();
  if (last === null) {
    throw new HecateError('UNSUPPORTED', '/proc/vmstat does not count kills (Linux 4.13 and later do), and /dev/kmsg is closed to us.');
  }
  every(LOOK_EVERY, () => {
    const now = read();
    const count = now !== null && last !== null ? now - last - told() : 0;
    last = now;
    if (count > 0) emit({ kind: 'oom-kill', ...UNKNOWN, count, by: 'counter' });
  });
}

/** The file of the own control group, v2; undefined at the root of the hierarchy, in v1, or when it cannot be read. */
function ownMemoryEvents(host: Host): string | undefined {
  const group = /^0::(\/.*)$/m.exec(host.readText('/proc/self/cgroup'))?.[1];
  if (group === undefined) return undefined;
  return ['/sys/fs/cgroup', '/sys/fs/cgroup/unified']
    .map((root) => `${root}${group === '/' ? '' : group}/memory.events`)
    .find((file) => {
      try {
        return counterOf(new ByteCursor().reset(host.read(file)), 'oom_kill ') !== null;
      } catch (error) {
        if (errnoOf(error) === undefined) throw error;
        return false;
      }
    });
}
