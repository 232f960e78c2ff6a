import { APPLE } from '../../apple-numbers.ts';
import {
  ADDRESS_MESSAGE,
  INTERFACE_MESSAGE,
  IPV4_ADDRESS,
  IPV6_ADDRESS,
  LINK_ADDRESS,
  ROUTE_MESSAGE,
  SOCKET_ADDRESS,
} from '../../layout/interface.ts';
import { readField } from '../../layout/layout.ts';
import { addressesBehind, messagesOf } from '../../network/messages.ts';
import type { StandIns } from './stand-ins.ts';

/** Bytes of an address that say of which kind it is, and stay; all of them for those that everybody has. */
function publicBytes(address: Buffer): number {
  if (address.every((byte) => byte === 0)) return address.length;
  if (address.length === 16) {
    const isLoopback = address.subarray(0, 15).every((byte) => byte === 0);
    if (isLoopback || address[0] === 0xff) return address.length;
    // Of fe80::/10 the first eight bytes say the interface.
    return address[0] === 0xfe ? 8 : 2;
  }
  const [first = 0, second = 0] = address;
  if (first === 127 || first >= 224) return address.length;
  if ((first === 192 && second === 168) || (first === 169 && second === 254) || (first === 172 && (second & 0xf0) === 16)) return 2;
  return first === 10 ? 1 : 0;
}

/** A stand-in for an IP address of 4 or 16 bytes: of the same kind, and public ones of no kind at all. */
export function hideIp(standIns: StandIns, address: Buffer): Buffer {
  const keep = publicBytes(address);
  return keep >= address.length ? address : standIns.bytes('IP addresses', address, keep);
}

/** A stand-in for a hardware address; one that nobody has is left. */
export const hideHardware = (standIns: StandIns, address: Buffer): Buffer =>
  address.every((byte) => byte === 0 || byte === 0xff) ? address : standIns.bytes('hardware addresses', address);

function hideSocketAddress(standIns: StandIns, address: Buffer): void {
  if (address.length < 2) return;
  const replace = (at: number, length: number, hide: (part: Buffer) => Buffer): void => {
    if (at + length <= address.length) hide(Buffer.from(address.subarray(at, at + length))).copy(address, at);
  };
  switch (readField(address, SOCKET_ADDRESS.fields.family)) {
    case APPLE.AF_INET:
      return replace(IPV4_ADDRESS.fields.address[1], 4, (part) => hideIp(standIns, part));
    case APPLE.AF_INET6:
      return replace(IPV6_ADDRESS.fields.address[1], 16, (part) => hideIp(standIns, part));
    case APPLE.AF_LINK: {
      const { data, nameLength, addressLength } = LINK_ADDRESS.fields;
      if (address.length < data[1]) return;
      const length = readField(address, addressLength);
      return length === 0 ? undefined : replace(data[1] + readField(address, nameLength), length, (part) => hideHardware(standIns, part));
    }
    default:
  }
}

/** A list of route(4), its addresses replaced in place; masks stay. What does not fit is left out: nobody knows what is in it. */
export function hideRouteList(standIns: StandIns, list: Buffer): Buffer {
  const copy = Buffer.from(list);
  let end = 0;
  try {
    for (const message of messagesOf(copy)) {
      const { size, fields } =
        message.type === APPLE.RTM_IFINFO2 ? INTERFACE_MESSAGE : message.type === APPLE.RTM_NEWADDR ? ADDRESS_MESSAGE : ROUTE_MESSAGE;
      end = message.end;
      if (message.end - message.start < size) continue;
      const behind = addressesBehind(
        copy,
        { start: message.start + size, end: message.end },
        readField(copy, fields.addresses, message.start),
      );
      for (const [kind, address] of behind) if (kind !== APPLE.RTA_NETMASK) hideSocketAddress(standIns, address);
    }
  } catch {
    // A list that is cut: what was whole of it has been looked through.
    return copy.subarray(0, end);
  }
  return copy;
}
