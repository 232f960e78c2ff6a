import { formatAddress } from '../ip-address.ts';
import { decodeLink, decodeLinkName, LINK_HEADER } from './link.ts';
import type { NetlinkLink } from './link.ts';
import { attributeNumber, parseAttributes } from './message.ts';
import type { NetlinkMessage } from './message.ts';
import type { NetlinkSocket } from './socket.ts';

/** Message types and attributes of linux/rtnetlink.h, linux/if_link.h and linux/if_addr.h. */
const RTM_GETLINK = 18;
const RTM_GETADDR = 22;
const IFLA_EXT_MASK = 29;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_BROADCAST = 4;
const IFA_FLAGS = 8;

/** Bytes of `struct ifaddrmsg`. */
const ADDRESS_HEADER = 8;

/** All interfaces of our network namespace. */
export function readLinks(socket: NetlinkSocket): NetlinkLink[] {
  return socket.rows(RTM_GETLINK, Buffer.alloc(LINK_HEADER), decodeLink);
}

/** Names of all interfaces by index; asks for no more than that. */
export function readLinkNames(socket: NetlinkSocket): Map<number, string> {
  // RTEXT_FILTER_SKIP_STATS: most of a message is statistics otherwise.
  const request = Buffer.alloc(LINK_HEADER + 8);
  request.writeUInt16LE(8, LINK_HEADER);
  request.writeUInt16LE(IFLA_EXT_MASK, LINK_HEADER + 2);
  request.writeUInt32LE(8, LINK_HEADER + 4);
  return new Map(socket.rows(RTM_GETLINK, request, decodeLinkName));
}

/** An address of an interface as the kernel tells it. */
export interface NetlinkAddress {
  readonly index: number;
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  readonly prefixLength: number;
  /** RT_SCOPE_* of linux/rtnetlink.h. */
  readonly scope: number;
  /** IFA_F_* of linux/if_addr.h. */
  readonly flags: number;
  readonly broadcast: string | null;
  /** The other end of a point-to-point link; null where there is none. */
  readonly peer: string | null;
}

/** A message about an address, or null when it is of another family or cut short. */
export function decodeAddress({ payload }: NetlinkMessage): NetlinkAddress | null {
  if (payload.length < ADDRESS_HEADER) return null;
  const family = payload[0] === 2 ? 'ipv4' : payload[0] === 10 ? 'ipv6' : null;
  const attributes = parseAttributes(payload, ADDRESS_HEADER);
  const text = (type: number): string | null => {
    const value = attributes.get(type);
    return value ? formatAddress(value) : null;
  };
  // IFA_LOCAL is our end; IFA_ADDRESS is the other one on point-to-point links, and the same elsewhere. IPv6 often has only that.
  const other = text(IFA_ADDRESS);
  const address = text(IFA_LOCAL) ?? other;
  if (family === null || address === null) return null;
  return {
    index: payload.readUInt32LE(4),
    family,
    address,
    prefixLength: payload[1]!,
    scope: payload[3]!,
    // The header has room for eight flags only.
    flags: attributeNumber(attributes.get(IFA_FLAGS)) ?? payload[2]!,
    broadcast: text(IFA_BROADCAST),
    peer: other === address ? null : other,
  };
}

/** All addresses of all interfaces, in our network namespace. */
export function readNetlinkAddresses(socket: NetlinkSocket): NetlinkAddress[] {
  return socket.rows(RTM_GETADDR, Buffer.alloc(ADDRESS_HEADER), decodeAddress);
}
