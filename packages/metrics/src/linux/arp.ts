import { arpGroups } from '../domain/arp.ts';
import type { ArpReading } from '../domain/arp.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { keepNetFile } from './net-directory.ts';

/** ATF_COM of linux/if_arp.h: the hardware address is known. */
const COMPLETE = 2;

/**
 * /proc/net/arp: a heading, then address, hardware type, flags, hardware address, mask, device (kernel: net/ipv4/arp.c).
 * Entries of devices that need no ARP are not in it. Lines that are cut short are left out.
 */
export function parseArp(cursor: ByteCursor): ArpReading[] {
  const devices = new Map<string, { device: string; entries: number; incomplete: number }>();
  let last: string | undefined;
  for (cursor.nextLine(); !cursor.done; cursor.nextLine()) {
    cursor.skipWords(2);
    const flags = Number(cursor.word());
    cursor.skipWords(2);
    const device = cursor.wordAs(last);
    if (device === '') continue;
    last = device;
    let row = devices.get(device);
    if (!row) devices.set(device, (row = { device, entries: 0, incomplete: 0 }));
    row.entries++;
    if ((flags & COMPLETE) === 0) row.incomplete++;
  }
  return [...devices.values()];
}

/** IPv4 neighbours by interface. */
export const arp: Collector<'arp', readonly ArpReading[]> = {
  name: 'arp',
  lane: 'slow',
  sources: ['/proc/net/arp'],
  remedy: 'Mount /proc.',
  groups: arpGroups,
  open(host) {
    const file = keepNetFile(host, 'arp');
    const cursor = new ByteCursor();
    return { read: () => parseArp(cursor.reset(file.read())), close: file.close };
  },
};
