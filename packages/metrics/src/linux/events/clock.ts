import { closeSync, readSync } from 'node:fs';
import { errnoOf, HecateError, nativeBuffer, openNative } from '@hecate/host';
import { clockChanges } from '../../events/clock-change.ts';
import type { Clocks } from '../../events/clock-change.ts';
import { POLLIN } from './poll-thread.ts';
import type { EventSource } from '../../events/event-source.ts';

/** Clocks of linux/time.h. */
const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const CLOCK_BOOTTIME = 7;
/** Flags of timerfd_create(2) and timerfd_settime(2). */
const TFD_NONBLOCK_CLOEXEC = 0o4000 | 0o2000000;
const TFD_ABSTIME_CANCEL_ON_SET = 1 | 2;
/** Seconds since the epoch that no clock reaches in our time. */
const FAR = 2 ** 40;

/** What is called of the C library. */
interface TimerCalls {
  readonly create: (clock: number, flags: number) => number;
  readonly settime: (descriptor: number, flags: number, value: Buffer, before: null) => number;
  readonly gettime: (clock: number, time: Buffer) => number;
}

let timerCalls: TimerCalls | undefined;

/** Made once: what stands for a function of the library lives as long as the process. */
function openTimerCalls(): TimerCalls {
  const { libraryFunction } = openNative();
  return (timerCalls ??= {
    create: libraryFunction('int timerfd_create(int clock, int flags)') as TimerCalls['create'],
    settime: libraryFunction('int timerfd_settime(int descriptor, int flags, void *value, void *before)') as TimerCalls['settime'],
    gettime: libraryFunction('int clock_gettime(int clock, void *time)') as TimerCalls['gettime'],
  });
}

/** The clock, from a timer that is cancelled when it is set; waking from sleep counts as that (man 2 timerfd_settime). */
export const clock: EventSource = {
  kinds: ['clock'],
  open({ emit, watch }) {
    const { create, settime, gettime } = openTimerCalls();

    const time = nativeBuffer(16);
    const read = (id: number): number => {
      if (gettime(id, time) !== 0) throw new HecateError('UNSUPPORTED', `The kernel has no clock ${id}.`);
      return Number(time.readBigInt64LE(0)) + Number(time.readBigInt64LE(8)) / 1e9;
    };
    const readClocks = (): Clocks => ({ wall: read(CLOCK_REALTIME), awake: read(CLOCK_MONOTONIC), boot: read(CLOCK_BOOTTIME) });

    const descriptor = create(CLOCK_REALTIME, TFD_NONBLOCK_CLOEXEC);
    if (descriptor < 0) throw new HecateError('UNSUPPORTED', 'The kernel makes no timer for the wall clock.');
    const close = (): void => closeSync(descriptor);
    // struct itimerspec: interval, then the moment; 64-bit seconds and nanoseconds each.
    const spec = nativeBuffer(32);
    spec.writeBigInt64LE(BigInt(FAR), 16);
    const arm = (): void => {
      if (settime(descriptor, TFD_ABSTIME_CANCEL_ON_SET, spec, null) !== 0) {
        throw new HecateError('UNSUPPORTED', 'The kernel does not say when the clock is set (Linux 3.0 and later do).');
      }
    };
    try {
      arm();
      let before = readClocks();
      const expirations = Buffer.alloc(8);
      watch(descriptor, POLLIN, () => {
        try {
          readSync(descriptor, expirations);
        } catch (error) {
          // ECANCELED is the news itself; EAGAIN when it was taken already.
          if (errnoOf(error) !== 'ECANCELED' && errnoOf(error) !== 'EAGAIN') throw error;
        }
        arm();
        const now = readClocks();
        const changes = clockChanges(before, now);
        before = now;
        changes.forEach(emit);
      });
    } catch (error) {
      close();
      throw error;
    }
    return close;
  },
};
