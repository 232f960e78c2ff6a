import { closeSync, openSync } from 'node:fs';
import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { parseMountinfo } from '../mountinfo.ts';
import { mountinfoChanges } from './mount-changes.ts';
import { POLLERR, POLLPRI } from './poll-thread.ts';
import type { EventSource } from '../../events/event-source.ts';

/** A descriptor on the table of mounts that the machine is known by: that of process 1, or our own where it is hidden from us. */
function openTable(host: Host): { readonly path: string; readonly descriptor: number } {
  const own = '/proc/self/mountinfo';
  try {
    if (host.readLink('/proc/1/ns/mnt') !== host.readLink('/proc/self/ns/mnt')) {
      const first = '/proc/1/mountinfo';
      return { path: first, descriptor: openSync(host.resolve(first), 'r') };
    }
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
  return { path: own, descriptor: openSync(host.resolve(own), 'r') };
}

/** Mounts: the table says by POLLERR and POLLPRI that it changed (man 5 proc, /proc/PID/mounts). */
export const mount: EventSource = {
  kinds: ['mount'],
  open({ host, emit, watch }) {
    const { path, descriptor } = openTable(host);
    const file = host.keep(path);
    const close = (): void => {
      file.close();
      closeSync(descriptor);
    };
    try {
      // Only now: a change between the two is told twice rather than never.
      let mounts = parseMountinfo(file.read());
      watch(descriptor, POLLPRI | POLLERR, () => {
        const now = parseMountinfo(file.read());
        const changes = mountinfoChanges(mounts, now);
        mounts = now;
        changes.forEach(emit);
      });
    } catch (error) {
      close();
      throw error;
    }
    return close;
  },
};
