import { close, closeSync, constants, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { errnoOf, HecateError } from '@hecate/host';
import type { Host, KeptFile } from '@hecate/host';
import type { Stall } from '../../domain/pressure.ts';
import { createStallWatch } from '../../events/pressure-trigger.ts';
import type { PressureTrigger } from '../../events/pressure-trigger.ts';
import { ByteCursor } from '../../model/cursor.ts';
import { gapReasonOf } from '../../model/gap.ts';
import { parsePressure } from '../pressure.ts';
import { POLLERR, POLLPRI } from './poll-thread.ts';
import type { EventSource } from '../../events/event-source.ts';

/** Hierarchies of control groups that can hold files of pressure, v2 first (man 7 cgroups). */
const HIERARCHIES = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'];
/** Where a kernel refuses triggers, its counter is looked at this often, in seconds. */
const LOOK_EVERY = 1;

/** The file of a resource: of the machine, or of a control group. Throws UNAVAILABLE when the group has none. */
export function pressureFile(host: Host, { resource, cgroup }: Pick<PressureTrigger, 'resource' | 'cgroup'>): string {
  if (cgroup === undefined) return `/proc/pressure/${resource}`;
  const group = cgroup === '/' ? '' : cgroup.replace(/\/$/, '');
  const found = HIERARCHIES.map((root) => `${root}${group}/${resource}.pressure`).find((file) => {
    try {
      host.read(file);
      return true;
    } catch (error) {
      // It is there and does not want to be read: the reader of it says why.
      if (errnoOf(error) === undefined) throw error;
      return errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR';
    }
  });
  if (found === undefined) throw new HecateError('UNAVAILABLE', `The control group ${cgroup} has no ${resource}.pressure.`);
  return found;
}

/**
 * Sets a trigger: the descriptor is ready for POLLPRI when it fires (kernel: Documentation/accounting/psi.rst). Throws the
 * system's error; EINVAL also where the window is not a multiple of 2 s and we lack CAP_SYS_RESOURCE.
 */
export function openPressureTrigger(file: string, { stall, threshold, window }: Omit<PressureTrigger, 'resource'>): number {
  const descriptor = openSync(file, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    // The files of /proc/pressure overwrite the last byte with NUL: without one of ours, 2000000 would become 200000.
    writeSync(descriptor, Buffer.from(`${stall} ${Math.round(threshold * 1e6)} ${Math.round(window * 1e6)}\0`));
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** Takes a trigger away. The kernel waits for all its processors then, some ten milliseconds: a thread of the pool waits, not we. */
export const closePressureTrigger: (descriptor: number) => Promise<void> = promisify(close);

/** Pressure beyond thresholds, by the kernel's triggers, or by looking where it refuses them. */
export const pressure: EventSource = {
  kinds: ['pressure'],
  open({ host, pressure: triggers, emit, every, unavailable, watch }) {
    const closers: (() => void | Promise<void>)[] = [];
    const cursor = new ByteCursor();

    const begin = (trigger: PressureTrigger): void => {
      const path = pressureFile(host, trigger);
      const file: KeptFile = host.keep(path);
      closers.push(() => file.close());
      const stallOf = (): Stall => {
        const stall = parsePressure(cursor.reset(file.read()))[trigger.stall];
        if (!stall) throw new HecateError('UNSUPPORTED', `${path} has no line ${trigger.stall}.`);
        return stall;
      };
      const tell = (total: number | null, by: 'kernel' | 'polling'): void => {
        const { resource, stall, threshold, window, cgroup = null } = trigger;
        emit({ kind: 'pressure', resource, stall, threshold, window, cgroup, total, by });
      };
      /** Ends one trigger, not the others. */
      const guarded = (act: () => void, stop: () => void): void => {
        try {
          act();
        } catch (error) {
          stop();
          unavailable('pressure', gapReasonOf(error), `${path}: ${error instanceof Error ? error.message : String(error)}`);
        }
      };
      stallOf();
      const look = (): void => {
        const stalls = createStallWatch(trigger);
        const step = (): void => {
          const { total } = stallOf();
          if (stalls.read(total, host.clock.monotonic())) tell(total, 'polling');
        };
        step();
        const stop = every(LOOK_EVERY, () => guarded(step, () => stop()));
      };
      let descriptor: number;
      try {
        descriptor = openPressureTrigger(host.resolve(path), trigger);
      } catch (error) {
        if (errnoOf(error) === undefined) throw error;
        look();
        return;
      }
      closers.push(() => closePressureTrigger(descriptor));
      const stop = watch(descriptor, POLLPRI, (happened) =>
        guarded(
          () => {
            if ((happened & POLLERR) !== 0) throw new HecateError('UNAVAILABLE', 'its control group is gone');
            tell(stallOf().total, 'kernel');
          },
          () => stop(),
        ),
      );
    };

    for (const trigger of triggers) {
      try {
        begin(trigger);
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        unavailable('pressure', gapReasonOf(error), `${trigger.resource} ${trigger.stall}${trigger.cgroup ?? ''}: ${detail}`);
      }
    }
    return async () => void (await Promise.all(closers.map(async (end) => end())));
  },
};
