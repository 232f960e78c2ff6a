import type { AddressState, LinkState, NetworkNews } from '../../events/network-state.ts';
import { formatAddress } from '../ip-address.ts';
import { attributeText, parseAttributes } from '../netlink/message.ts';
import type { NetlinkMessage } from '../netlink/message.ts';

/** Message types of linux/rtnetlink.h. */
export const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
/** Asks for all links. */
export const RTM_GETLINK = 18;
const RTM_NEWADDR = 20;
const RTM_DELADDR = 21;
/** Asks for all addresses. */
export const RTM_GETADDR = 22;

/** Bytes of `struct ifinfomsg` and `struct ifaddrmsg`. */
const LINK_HEADER = 16;
const ADDRESS_HEADER = 8;
const IFLA_IFNAME = 3;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const AF_INET = 2;
const AF_INET6 = 10;
const IFF_UP = 0x1;
/** The link works: its operational state is up, or its driver does not say (linux/if.h, netif_oper_up). */
const IFF_RUNNING = 0x40;

/** Decodes RTM_NEWLINK, RTM_DELLINK, RTM_NEWADDR and RTM_DELADDR (man 7 rtnetlink). */
export function parseRouteMessage(message: NetlinkMessage): NetworkNews | null {
  switch (message.type) {
    case RTM_NEWLINK:
    case RTM_DELLINK: {
      const link = parseLink(message.payload);
      return link && { is: 'link', gone: message.type === RTM_DELLINK, link };
    }
    case RTM_NEWADDR:
    case RTM_DELADDR: {
      const address = parseAddress(message.payload);
      return address && { is: 'address', gone: message.type === RTM_DELADDR, address };
    }
    default:
      return null;
  }
}

/** `struct ifinfomsg`: u8 family, u8, u16 type, i32 index, u32 flags, u32 change. */
function parseLink(payload: Buffer): LinkState | null {
  // A family other than AF_UNSPEC speaks of the interface as a part of something, such as a port of a bridge that it leaves.
  if (payload.length < LINK_HEADER || payload[0] !== 0) return null;
  const name = attributeText(parseAttributes(payload, LINK_HEADER).get(IFLA_IFNAME));
  if (name === null) return null;
  const flags = payload.readUInt32LE(8);
  const enabled = (flags & IFF_UP) !== 0;
  return { index: payload.readInt32LE(4), name, enabled, up: enabled && (flags & IFF_RUNNING) !== 0 };
}

/** `struct ifaddrmsg`: u8 family, u8 prefix, u8 flags, u8 scope, u32 index. */
function parseAddress(payload: Buffer): AddressState | null {
  if (payload.length < ADDRESS_HEADER) return null;
  const family = payload[0] === AF_INET ? 4 : payload[0] === AF_INET6 ? 6 : null;
  if (family === null) return null;
  const attributes = parseAttributes(payload, ADDRESS_HEADER);
  // Of a point-to-point link IFA_ADDRESS is the other end's, IFA_LOCAL ours; IPv6 has IFA_LOCAL only then.
  const bytes = attributes.get(IFA_LOCAL) ?? attributes.get(IFA_ADDRESS);
  if (bytes?.length !== (family === 4 ? 4 : 16)) return null;
  return { index: payload.readUInt32LE(4), family, address: formatAddress(bytes)!, prefix: payload[1]! };
}
