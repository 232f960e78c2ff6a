import { networkInterfaces } from 'node:os';
import { statSync } from 'node:fs';
import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { interfaceGroups } from '../domain/interface.ts';
import type { InterfaceReading } from '../domain/interface.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { parseAttributeNumber, readAttribute } from './attribute.ts';

const IFF_UP = 1;

/** What drivers say when they do not know the speed: nothing, -1, or that in 16 or 32 bits. */
const NO_SPEED = new Set([0, -1, 65_535, 4_294_967_295]);

/** Bytes per second from the megabits per second of /sys; null when the driver does not know. */
export function parseSpeed(megabits: number | null): number | null {
  return megabits === null || megabits < 0 || NO_SPEED.has(megabits) ? null : (megabits * 1e6) / 8;
}

/** Addresses by interface, or null when the machine is not the one that we run on. */
function readAddresses(host: Host): ReadonlyMap<string, readonly string[]> | null {
  if (host.kind !== 'real') return null;
  return new Map(Object.entries(networkInterfaces()).map(([device, rows]) => [device, (rows ?? []).map((row) => row.cidr ?? row.address)]));
}

/** Reads one interface; what this user may not read is null and a gap. */
function readInterface(host: Host, device: string, addresses: readonly string[] | null, gaps: GapSink): InterfaceReading {
  const text = (name: string): string | null => {
    try {
      return readAttribute(host, `/sys/class/net/${device}/${name}`);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      gaps.addError(`interface.${device}.${name}`, error);
      return null;
    }
  };
  const number = (name: string): number | null => parseAttributeNumber(text(name));
  const flags = number('flags');
  const carrier = number('carrier');
  const up = flags === null ? null : (flags & IFF_UP) !== 0;
  return {
    device,
    index: number('ifindex'),
    operstate: text('operstate'),
    address: text('address'),
    broadcast: text('broadcast'),
    duplex: text('duplex'),
    alias: text('ifalias'),
    up,
    adminState: up === null ? 'unknown' : up ? 'up' : 'down',
    carrier: carrier === null ? null : carrier === 1,
    speed: parseSpeed(number('speed')),
    mtu: number('mtu'),
    carrierChanges: number('carrier_changes'),
    carrierUpChanges: number('carrier_up_count'),
    carrierDownChanges: number('carrier_down_count'),
    flags,
    type: number('type'),
    transmitQueueLength: number('tx_queue_len'),
    addressAssignType: number('addr_assign_type'),
    deviceId: number('dev_id'),
    dormant: number('dormant'),
    group: number('netdev_group'),
    link: number('iflink'),
    linkMode: number('link_mode'),
    nameAssignType: number('name_assign_type'),
    receiveNoHandler: number('statistics/rx_nohandler'),
    addresses,
  };
}

/** Whether an entry of /sys/class/net is an interface; `bonding_masters` is a file, and a recorded link may lead nowhere. */
function isInterface(host: Host, entry: string): boolean {
  try {
    return statSync(host.resolve(`/sys/class/net/${entry}`)).isDirectory();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}

/** State and settings of network interfaces. */
export const interfaces: Collector<'interface', readonly InterfaceReading[]> = {
  name: 'interface',
  lane: 'slow',
  sources: ['/sys/class/net', 'getifaddrs(3)'],
  remedy: 'Mount /sys.',
  groups: interfaceGroups,
  open: (host) => ({
    *read(gaps) {
      const addresses = readAddresses(host);
      const readings: InterfaceReading[] = [];
      for (const entry of host.list('/sys/class/net')) {
        if (!isInterface(host, entry)) continue;
        readings.push(readInterface(host, entry, addresses && (addresses.get(entry) ?? []), gaps));
        // Some thirty files each, and a machine with containers has hundreds of interfaces.
        yield;
      }
      return readings;
    },
    close: () => {},
  }),
};
