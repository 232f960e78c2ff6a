import { HecateError } from '@hecate/host';
import { clockChanges } from '../../events/clock-change.ts';
import type { Clocks } from '../../events/clock-change.ts';
import type { EventSource } from '../../events/event-source.ts';
import { isRefusal } from '../../model/gap.ts';
import { APPLE } from '../apple-numbers.ts';
import { openDarwin } from '../binding/darwin.ts';
import { openNotifications } from './notifications.ts';
import type { Notifications } from './notifications.ts';
import { READABLE } from './waiter.ts';

/** Seconds between two looks: macOS tells of sleep only who runs a loop of its own kind. */
const LOOK_EVERY = 2;
/** Posted when the clock was set by hand (kNotifyClockSet of notify_keys.h). */
const CLOCK_SET = 'com.apple.system.clock_set';
const NANO = 1e9;

/** The clock and sleep: the clock that goes on while the machine sleeps against the one that does not. */
export const clock: EventSource = {
  kinds: ['clock'],
  open({ host, emit, every, watch }) {
    const darwin = openDarwin(host);
    const seconds = (id: number): number => {
      const nanoseconds = darwin.libsystem.clock_gettime_nsec_np(id);
      if (nanoseconds === 0) throw new HecateError('UNSUPPORTED', `The system has no clock ${id}.`);
      return nanoseconds / NANO;
    };
    const readClocks = (): Clocks => ({
      wall: host.clock.now(),
      awake: seconds(APPLE.CLOCK_UPTIME_RAW),
      boot: seconds(APPLE.CLOCK_MONOTONIC_RAW),
    });
    let before = readClocks();
    const look = (): void => {
      const now = readClocks();
      const changes = clockChanges(before, now);
      before = now;
      changes.forEach(emit);
    };
    every(LOOK_EVERY, look);
    let notifications: Notifications | null = null;
    try {
      const told = (notifications = openNotifications(darwin, [CLOCK_SET]));
      watch(told.descriptor, READABLE, () => {
        told.take();
        look();
      });
    } catch (error) {
      // It is found two seconds later then.
      notifications?.close();
      notifications = null;
      if (!isRefusal(error)) throw error;
    }
    return () => notifications?.close();
  },
};
