import type { InterfaceErrors, InterfaceReading } from '../../domain/interface.ts';
import { attributeNumber, attributeText, parseAttributes } from './message.ts';
import type { Attributes, NetlinkMessage } from './message.ts';

/** What one message tells of an interface, for which /sys would have a file each. */
export type LinkFacts = InterfaceErrors &
  Pick<
    InterfaceReading,
    | 'operstate'
    | 'address'
    | 'broadcast'
    | 'alias'
    | 'carrier'
    | 'mtu'
    | 'carrierChanges'
    | 'carrierUpChanges'
    | 'carrierDownChanges'
    | 'type'
    | 'transmitQueueLength'
    | 'group'
    | 'link'
    | 'linkMode'
    | 'receiveNoHandler'
  >;

/** An interface. What an older kernel does not tell is not among the facts. */
export interface NetlinkLink {
  readonly index: number;
  readonly name: string;
  readonly facts: Partial<LinkFacts>;
}

/** Bytes of `struct ifinfomsg` (linux/rtnetlink.h). */
export const LINK_HEADER = 16;
const IFF_UP = 1;

/** Attributes (linux/if_link.h). */
const IFLA = {
  address: 1,
  broadcast: 2,
  name: 3,
  mtu: 4,
  link: 5,
  transmitQueueLength: 13,
  operstate: 16,
  linkMode: 17,
  alias: 20,
  statistics: 23,
  group: 27,
  carrier: 33,
  carrierChanges: 35,
  carrierUpChanges: 47,
  carrierDownChanges: 48,
} as const;

/** IF_OPER_* (linux/if.h). */
const STATES = ['unknown', 'notpresent', 'down', 'lowerlayerdown', 'testing', 'dormant', 'up'] as const;

/** Places in `struct rtnl_link_stats64` (linux/if_link.h), each of eight bytes. */
const COUNTERS = {
  receiveLengthErrors: 10,
  receiveOverErrors: 11,
  receiveCrcErrors: 12,
  receiveMissedErrors: 15,
  transmitAbortedErrors: 16,
  transmitHeartbeatErrors: 19,
  transmitWindowErrors: 20,
  receiveNoHandler: 23,
} as const;

/** A fact, unless it is not told. */
const told = <Key extends keyof LinkFacts>(key: Key, value: LinkFacts[Key]): Partial<LinkFacts> => (value === null ? {} : { [key]: value });

const formatHardwareAddress = (bytes: Buffer | undefined): string =>
  bytes ? Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':') : '';

function countersOf(statistics: Buffer | undefined): Partial<LinkFacts> {
  const counters: Record<string, number> = {};
  for (const [name, place] of Object.entries(COUNTERS)) {
    const at = place * 8;
    if (statistics && statistics.length >= at + 8) {
      counters[name] = statistics.readUInt32LE(at) + statistics.readUInt32LE(at + 4) * 2 ** 32;
    }
  }
  return counters;
}

function factsOf(attributes: Attributes, index: number, type: number, isUp: boolean): Partial<LinkFacts> {
  const number = (wanted: number): number | null => attributeNumber(attributes.get(wanted));
  const state = number(IFLA.operstate);
  const carrier = number(IFLA.carrier);
  return {
    type,
    address: formatHardwareAddress(attributes.get(IFLA.address)),
    broadcast: formatHardwareAddress(attributes.get(IFLA.broadcast)),
    alias: attributeText(attributes.get(IFLA.alias)) ?? '',
    // Told only where it is another interface.
    link: number(IFLA.link) ?? index,
    ...told('operstate', state === null ? null : (STATES[state] ?? 'unknown')),
    // /sys does not tell of a link while the interface is down, and so do we.
    ...(isUp ? told('carrier', carrier === null ? null : carrier === 1) : { carrier: null }),
    ...told('mtu', number(IFLA.mtu)),
    ...told('transmitQueueLength', number(IFLA.transmitQueueLength)),
    ...told('group', number(IFLA.group)),
    ...told('linkMode', number(IFLA.linkMode)),
    ...told('carrierChanges', number(IFLA.carrierChanges)),
    ...told('carrierUpChanges', number(IFLA.carrierUpChanges)),
    ...told('carrierDownChanges', number(IFLA.carrierDownChanges)),
    ...countersOf(attributes.get(IFLA.statistics)),
  };
}

/** A message about an interface, or null when it is cut short. */
export function decodeLink({ payload }: NetlinkMessage): NetlinkLink | null {
  if (payload.length < LINK_HEADER) return null;
  const attributes = parseAttributes(payload, LINK_HEADER);
  const name = attributeText(attributes.get(IFLA.name));
  if (name === null) return null;
  const index = payload.readInt32LE(4);
  return { index, name, facts: factsOf(attributes, index, payload.readUInt16LE(2), (payload.readUInt32LE(8) & IFF_UP) !== 0) };
}

/** The number and name of an interface, or null when the message is cut short. */
export function decodeLinkName({ payload }: NetlinkMessage): [index: number, name: string] | null {
  if (payload.length < LINK_HEADER) return null;
  const name = attributeText(parseAttributes(payload, LINK_HEADER).get(IFLA.name));
  return name === null ? null : [payload.readInt32LE(4), name];
}
