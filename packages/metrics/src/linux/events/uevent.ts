import { HecateError } from '@hecate/host';
import type { DeviceEvent } from '../../events/event.ts';
import { NETLINK_KOBJECT_UEVENT, openKernelSocket, receiveAll } from './kernel-socket.ts';
import { POLLIN } from './poll-thread.ts';
import { readPowerSource } from './power-source.ts';
import type { EventSource } from '../../events/event-source.ts';
import { parseUevent } from './uevent-message.ts';
import type { Uevent } from './uevent-message.ts';
import { isToldOfDevices } from './uevent-reach.ts';

/** The group in which the kernel speaks; udev speaks in another one. */
const KERNEL_GROUP = 1;

/** Subsystems whose devices people plug in, pull out, or look for. */
const SUBSYSTEMS: ReadonlySet<string> = new Set(['block', 'cpu', 'drm', 'memory', 'net', 'nvme', 'pci', 'power_supply', 'usb']);

const CHANGES: ReadonlyMap<string, DeviceEvent['change']> = new Map([
  ['add', 'added'],
  ['remove', 'removed'],
  ['change', 'changed'],
  ['move', 'changed'],
  ['online', 'changed'],
  ['offline', 'changed'],
]);

/** What a message means for those who watch devices; null when nothing. */
export function deviceEvent({ action, path, subsystem }: Uevent): DeviceEvent | null {
  const change = CHANGES.get(action);
  if (change === undefined || !SUBSYSTEMS.has(subsystem)) return null;
  // A battery says "change" at each percent; what matters of it is a kind of its own.
  if (subsystem === 'power_supply' && change === 'changed') return null;
  return { kind: 'device', change, subsystem, name: path.slice(path.lastIndexOf('/') + 1), path, action };
}

/** Devices that come and go, and mains or battery, as the kernel tells it to udev. */
export const uevent: EventSource = {
  kinds: ['device', 'power-source'],
  open({ host, emit, overrun, wants, watch }) {
    // The socket would open, and stay silent.
    if (isToldOfDevices(host) === false) {
      throw new HecateError(
        'UNSUPPORTED',
        'The kernel tells the network of a user namespace nothing of devices. Watch link for its interfaces.',
      );
    }
    const socket = openKernelSocket(NETLINK_KOBJECT_UEVENT, KERNEL_GROUP);
    try {
      const watchesPower = wants('power-source');
      let source = watchesPower ? readPowerSource(host) : null;
      const look = (): void => {
        const now = readPowerSource(host);
        // All supplies gone: nobody knows, and the next one tells.
        if (now !== null && now !== source) emit({ kind: 'power-source', source: now, previous: source });
        source = now;
      };
      watch(socket.descriptor, POLLIN, () => {
        let power = false;
        receiveAll(
          socket,
          (message) => {
            const news = parseUevent(message);
            if (!news) return;
            power ||= news.subsystem === 'power_supply';
            const event = deviceEvent(news);
            if (event) emit(event);
          },
          () => {
            power = true;
            overrun();
          },
        );
        if (power && watchesPower) look();
      });
    } catch (error) {
      socket.close();
      throw error;
    }
    return socket.close;
  },
};
