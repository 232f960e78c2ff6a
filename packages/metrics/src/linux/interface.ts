import { statSync } from 'node:fs';
import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { interfaceGroups } from '../domain/interface.ts';
import type { InterfaceReading } from '../domain/interface.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { openAddresses } from './address/addresses.ts';
import type { KnownInterfaces } from './address/addresses.ts';
import { attributesOf } from './attribute.ts';
import type { LinkFacts } from './netlink/link.ts';

const IFF_UP = 1;

/** What drivers say when they do not know the speed: nothing, -1, or that in 16 or 32 bits. */
const NO_SPEED = new Set([0, -1, 65_535, 4_294_967_295]);

/** Bytes per second from the megabits per second of /sys; null when the driver does not know. */
export function parseSpeed(megabits: number | null): number | null {
  return megabits === null || megabits < 0 || NO_SPEED.has(megabits) ? null : (megabits * 1e6) / 8;
}

/** The files of what the kernel tells in one message where it can be asked. */
const FILES: Readonly<Record<Exclude<keyof LinkFacts, 'operstate' | 'address' | 'broadcast' | 'alias' | 'carrier'>, string>> = {
  mtu: 'mtu',
  carrierChanges: 'carrier_changes',
  carrierUpChanges: 'carrier_up_count',
  carrierDownChanges: 'carrier_down_count',
  type: 'type',
  transmitQueueLength: 'tx_queue_len',
  group: 'netdev_group',
  link: 'iflink',
  linkMode: 'link_mode',
  receiveNoHandler: 'statistics/rx_nohandler',
  receiveLengthErrors: 'statistics/rx_length_errors',
  receiveOverErrors: 'statistics/rx_over_errors',
  receiveCrcErrors: 'statistics/rx_crc_errors',
  receiveMissedErrors: 'statistics/rx_missed_errors',
  transmitAbortedErrors: 'statistics/tx_aborted_errors',
  transmitHeartbeatErrors: 'statistics/tx_heartbeat_errors',
  transmitWindowErrors: 'statistics/tx_window_errors',
};

/** What does not change while an interface keeps its name and hardware address. */
interface Constants extends Pick<InterfaceReading, 'index' | 'addressAssignType' | 'deviceId' | 'nameAssignType'> {
  /** What it was read for. */
  readonly of: string;
}

/** Reads interfaces of a machine from /sys and from what the kernel told; what this user may not read is null and a gap. */
function createInterfaceReader(
  host: Host,
  constants: Map<string, Constants>,
): (device: string, known: KnownInterfaces | null, gaps: GapSink) => InterfaceReading {
  return (device, known, gaps) => {
    const { text, number } = attributesOf(host, `/sys/class/net/${device}`, `interface.${device}`, gaps);
    const readConstants = (of: string): Constants => ({
      of,
      index: number('ifindex'),
      addressAssignType: number('addr_assign_type'),
      deviceId: number('dev_id'),
      nameAssignType: number('name_assign_type'),
    });
    const found = known?.interfaces.get(device);
    const of = found && found.index !== null ? `${found.index} ${found.facts.address}` : '';
    let constant = constants.get(device);
    if (!constant || of === '' || constant.of !== of) constants.set(device, (constant = readConstants(of)));
    // /sys may show another network namespace than ours, in which a like name means something else.
    const isSame = found !== undefined && (found.index === null || found.index === constant.index);
    if (known?.complete && !isSame)
      gaps.add(`interface.${device}.addresses`, 'absent', 'It is not in our network namespace, but in that of /sys.');
    const facts: Partial<LinkFacts> = isSame ? found.facts : {};
    const internetAddresses = isSame ? found.addresses : known && !known.complete ? [] : null;
    const flags = number('flags');
    const up = flags === null ? null : (flags & IFF_UP) !== 0;
    const carrier = facts.carrier === undefined ? number('carrier') : facts.carrier;
    const numbers = Object.entries(FILES).map(([key, file]) => [key, facts[key as keyof typeof FILES] ?? number(file)]);
    return {
      device,
      index: constant.index,
      operstate: facts.operstate ?? text('operstate'),
      address: facts.address ?? text('address'),
      broadcast: facts.broadcast ?? text('broadcast'),
      duplex: text('duplex'),
      alias: facts.alias ?? text('ifalias'),
      up,
      adminState: up === null ? 'unknown' : up ? 'up' : 'down',
      carrier: typeof carrier === 'number' ? carrier === 1 : carrier,
      speed: parseSpeed(number('speed')),
      flags,
      addressAssignType: constant.addressAssignType,
      deviceId: constant.deviceId,
      dormant: number('dormant'),
      nameAssignType: constant.nameAssignType,
      ...(Object.fromEntries(numbers) as Pick<LinkFacts, keyof typeof FILES>),
      addresses: internetAddresses && internetAddresses.map((row) => `${row.address}/${row.prefixLength}`),
      internetAddresses,
    };
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
  sources: ['/sys/class/net', 'rtnetlink RTM_GETLINK, RTM_GETADDR', '/proc/net/fib_trie', '/proc/net/if_inet6'],
  remedy: 'Mount /sys.',
  groups: interfaceGroups,
  open(host) {
    const source = openAddresses(host);
    const constants = new Map<string, Constants>();
    const readInterface = createInterfaceReader(host, constants);
    return {
      *read(gaps) {
        const known = source.read(gaps);
        yield;
        const readings: InterfaceReading[] = [];
        const entries = host.list('/sys/class/net');
        // Containers come and go, and their interfaces with them.
        if (constants.size > entries.length) constants.clear();
        for (const entry of entries) {
          if (!known?.interfaces.has(entry) && !isInterface(host, entry)) continue;
          readings.push(readInterface(entry, known, gaps));
          // Several files each, and a machine with containers has hundreds of interfaces.
          yield;
        }
        return readings;
      },
      close: source.close,
    };
  },
};
