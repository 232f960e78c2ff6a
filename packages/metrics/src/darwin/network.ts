import { nativeBuffer } from '@hecate/host';
import { networkGroups } from '../domain/network.ts';
import type { NetworkReading } from '../domain/network.ts';
import type { Collector, Reader } from '../model/collector.ts';
import { isRefusal } from '../model/gap.ts';
import type { Darwin } from './binding/darwin.ts';
import { APPLE } from './apple-numbers.ts';
import { INTERFACE_DATA, INTERFACE_MIB, MIB_DATA } from './layout/interface.ts';
import { withPrograms } from './fallback.ts';
import { readField } from './layout/layout.ts';
import { sysctlInto } from './libsystem/sysctl.ts';
import { listInterfaces } from './network/interface-list.ts';
import type { ListedInterface } from './network/interface-list.ts';
import { lackUncounted, UNCOUNTED } from './network/uncounted.ts';
import { openReader } from './reader.ts';
import { networkTier } from './text/tiers.ts';

/** Ethernet, Wi-Fi and Thunderbolt are `en0`, `en1`, …; what Apple makes of them (awdl0, llw0, bridge0, anpi0, utun0) is named otherwise. */
const isPhysical = ({ name, type }: ListedInterface): boolean => type === APPLE.IFT_ETHER && /^en\d+$/.test(name);

/** What an interface counts: `struct if_data64`, and the packets that its queue dropped. */
interface Counters {
  readonly data: Buffer;
  readonly transmitDrops: number;
}

/** The counters that nobody rounds (net/if_mib.h); null where they are refused. */
function exactCounters(darwin: Darwin, index: number): Counters | null {
  const bytes = nativeBuffer(INTERFACE_MIB.size);
  const place = [APPLE.CTL_NET, APPLE.AF_LINK, APPLE.NETLINK_GENERIC, APPLE.IFMIB_IFDATA, index, APPLE.IFDATA_GENERAL];
  try {
    if (sysctlInto(darwin, place, bytes) < INTERFACE_MIB.size) return null;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return null;
  }
  return {
    data: bytes.subarray(MIB_DATA, MIB_DATA + INTERFACE_DATA.size),
    transmitDrops: readField(bytes, INTERFACE_MIB.fields.transmitDrops),
  };
}

function readingOf(listed: ListedInterface, { data, transmitDrops }: Counters): NetworkReading {
  const count = (name: keyof typeof INTERFACE_DATA.fields): number => readField(data, INTERFACE_DATA.fields[name]);
  return {
    device: listed.name,
    index: listed.index,
    physical: isPhysical(listed),
    receiveBytes: count('receiveBytes'),
    receivePackets: count('receivePackets'),
    receiveErrors: count('receiveErrors'),
    receiveDrops: count('receiveDrops'),
    receiveMulticast: count('receiveMulticast'),
    transmitBytes: count('transmitBytes'),
    transmitPackets: count('transmitPackets'),
    transmitErrors: count('transmitErrors'),
    transmitDrops,
    transmitCollisions: count('collisions'),
    ...UNCOUNTED,
  };
}

/** Counters of the network interfaces. */
export const network: Collector<'network', readonly NetworkReading[]> = {
  name: 'network',
  lane: 'fast',
  sources: ['sysctl net.route NET_RT_IFLIST2', 'sysctl net.link IFMIB_IFDATA', 'else netstat(1)'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: networkGroups,
  open(machine): Reader<readonly NetworkReading[]> {
    /** Interfaces whose counters are rounded ones. */
    let rounded: string[] = [];
    const reader = openReader(machine, (darwin) => (gaps): readonly NetworkReading[] => {
      rounded = [];
      lackUncounted(gaps);
      return listInterfaces(darwin).map((listed) => {
        const exact = exactCounters(darwin, listed.index);
        if (!exact) rounded.push(listed.name);
        return readingOf(listed, exact ?? listed);
      });
    });
    const told = {
      ...reader,
      notes: () =>
        rounded.length === 0
          ? []
          : [`Bytes of ${rounded.join(', ')} come from the list of interfaces, which rounds them: their exact counters are refused.`],
    };
    return withPrograms(machine, told, networkTier);
  },
};
