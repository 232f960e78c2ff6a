import { interfaceGroups } from '../domain/interface.ts';
import type { InterfaceReading } from '../domain/interface.ts';
import type { Collector } from '../model/collector.ts';
import { APPLE } from './apple-numbers.ts';
import { INTERFACE_DATA } from './layout/interface.ts';
import { readField } from './layout/layout.ts';
import { parseAddressList } from './network/address-list.ts';
import { parseInterfaceList, readInterfaceList } from './network/interface-list.ts';
import type { ListedInterface } from './network/interface-list.ts';
import { readMedia } from './network/media.ts';
import type { Media } from './network/media.ts';
import { parseHardwareAddress } from './network/socket-address.ts';
import { ask, lacks, openReader } from './reader.ts';

/** What Linux tells of an interface and macOS does not. */
const UNTOLD = {
  ...{ broadcast: null, alias: null, carrierChanges: null, carrierUpChanges: null, carrierDownChanges: null },
  // Their numbers mean other things there.
  ...{ type: null, addressAssignType: null, deviceId: null, dormant: null, group: null, link: null, linkMode: null, nameAssignType: null },
  ...{ receiveLengthErrors: null, receiveOverErrors: null, receiveCrcErrors: null, receiveMissedErrors: null },
  ...{ transmitAbortedErrors: null, transmitHeartbeatErrors: null, transmitWindowErrors: null },
} as const;

/** Its state in the words of Linux; `unknown` for one without a medium, as loopback and tunnels are. */
function stateOf(flags: number, carrier: boolean | null): 'up' | 'down' | 'unknown' {
  if ((flags & APPLE.IFF_UP) === 0 || carrier === false) return 'down';
  return carrier ? 'up' : 'unknown';
}

function readingOf(listed: ListedInterface, media: Media | undefined): Omit<InterfaceReading, 'addresses' | 'internetAddresses'> {
  const { name, index, flags, data, link, queueLength } = listed;
  const up = (flags & APPLE.IFF_UP) !== 0;
  const carrier = up ? (media?.carrier ?? null) : null;
  const bits = readField(data, INTERFACE_DATA.fields.speed);
  return {
    ...UNTOLD,
    device: name,
    index,
    operstate: stateOf(flags, carrier),
    address: parseHardwareAddress(link),
    duplex: media?.duplex ?? null,
    up,
    adminState: up ? 'up' : 'down',
    carrier,
    // 0 stands for unknown; without a link it is that of the last one.
    speed: bits === 0 || carrier === false ? null : bits / 8,
    mtu: readField(data, INTERFACE_DATA.fields.mtu),
    flags,
    transmitQueueLength: queueLength,
    receiveNoHandler: readField(data, INTERFACE_DATA.fields.unwanted),
  };
}

/** State, settings and addresses of the network interfaces. */
export const interfaces: Collector<'interface', readonly InterfaceReading[]> = {
  name: 'interface',
  lane: 'slow',
  sources: ['sysctl net.route NET_RT_IFLIST2', 'ioctl SIOCGIFXMEDIA'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: interfaceGroups,
  open: (machine) =>
    openReader(machine, (darwin) => (gaps) => {
      lacks(
        gaps,
        Object.keys(UNTOLD).map((name) => `interface.${name}`),
        'macOS does not tell this.',
      );
      lacks(gaps, ['interface.internetAddresses.flags'], 'macOS tells it to programs that ask for each address by itself only.');
      const list = readInterfaceList(darwin);
      const listed = parseInterfaceList(list);
      const pointToPoint = new Set(listed.filter(({ flags }) => (flags & APPLE.IFF_POINTOPOINT) !== 0).map(({ index }) => index));
      const addresses = parseAddressList(list, (index) => pointToPoint.has(index));
      const names = listed.map(({ name }) => name);
      const media = ask(gaps, ['interface.carrier', 'interface.duplex'], () => readMedia(darwin, names));
      return listed.map((one): InterfaceReading => {
        const own = addresses.filter(({ index }) => index === one.index).map(({ address }) => address);
        return {
          ...readingOf(one, media?.get(one.name)),
          addresses: own.map(({ address, prefixLength }) => `${address}/${prefixLength}`),
          internetAddresses: own,
        };
      });
    }),
};
