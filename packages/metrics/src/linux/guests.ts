import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { guestGroups } from '../domain/guests.ts';
import type { GuestReading } from '../domain/guests.ts';
import type { Collector, Sliced } from '../model/collector.ts';
import { isQemu, parseQemu } from './virtual/qemu.ts';

/** Give way after so many processes: about a millisecond. */
const SLICE = 32;

/** A file of a process; null when the process is gone or hides it. */
function read(host: Host, path: string): string | null {
  try {
    return host.readText(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

function* readGuests(host: Host): Sliced<readonly GuestReading[]> {
  const guests: GuestReading[] = [];
  const pids = host.list('/proc').filter((name) => /^[1-9]\d{0,9}$/.test(name));
  for (const [index, pid] of pids.entries()) {
    if (index % SLICE === SLICE - 1) yield;
    if (!isQemu(read(host, `/proc/${pid}/comm`)?.trimEnd() ?? '')) continue;
    const line = read(host, `/proc/${pid}/cmdline`);
    const guest = line === null ? null : parseQemu(Number(pid), line.replace(/\0$/, '').split('\0'));
    if (guest) guests.push(guest);
  }
  return guests;
}

/** Virtual machines of QEMU, with KVM or without, started by libvirt or anyone; nothing is asked of them. */
export const guests: Collector<'guests', readonly GuestReading[]> = {
  name: 'guests',
  lane: 'slow',
  period: 60,
  sources: ['/proc/PID/comm', '/proc/PID/cmdline'],
  remedy: 'A /proc mounted with hidepid shows only your own processes: run as root.',
  groups: guestGroups,
  open: (host) => ({ read: () => readGuests(host), close: () => {} }),
};
