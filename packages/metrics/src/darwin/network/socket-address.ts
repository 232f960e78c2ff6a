import { formatIpv4, formatIpv6 } from '../../linux/ip-address.ts';
import { APPLE } from '../apple-numbers.ts';
import { IPV4_ADDRESS, IPV6_ADDRESS, LINK_ADDRESS, SOCKET_ADDRESS } from '../layout/interface.ts';
import { readField } from '../layout/layout.ts';

/** An IP address as the kernel has it in a socket address. */
export interface IpAddress {
  readonly family: 'ipv4' | 'ipv6';
  /** 4 or 16 bytes in network order. */
  readonly bytes: Buffer;
}

const place = {
  ipv4: { at: IPV4_ADDRESS.fields.address[1], length: 4 },
  ipv6: { at: IPV6_ADDRESS.fields.address[1], length: 16 },
} as const;

/** Whether it holds on one link only: `fe80::/10`, and multicast of that scope. The kernel hides the interface's number in its second word. */
const isLinkLocal = (bytes: Buffer): boolean => bytes[0] === 0xfe && (bytes[1]! & 0xc0) === 0x80;

/** The address in a socket address; null when it is of another family, or cut. */
export function parseIpAddress(socketAddress: Buffer | undefined): IpAddress | null {
  if (!socketAddress || socketAddress.length < 2) return null;
  const number = readField(socketAddress, SOCKET_ADDRESS.fields.family);
  const family = number === APPLE.AF_INET ? 'ipv4' : number === APPLE.AF_INET6 ? 'ipv6' : null;
  if (family === null) return null;
  const { at, length } = place[family];
  if (socketAddress.length < at + length) return null;
  const bytes = Buffer.from(socketAddress.subarray(at, at + length));
  if (family === 'ipv6' && isLinkLocal(bytes)) bytes.fill(0, 2, 4);
  return { family, bytes };
}

/** The address as text. */
export const formatIp = ({ family, bytes }: IpAddress): string => (family === 'ipv4' ? formatIpv4(bytes) : formatIpv6(bytes));

/** How far an address is known, in the words of Linux (RFC 4007, 3927). */
export function scopeOf({ family, bytes }: IpAddress): 'host' | 'link' | 'site' | 'global' {
  if (family === 'ipv4') return bytes[0] === 127 ? 'host' : bytes[0] === 169 && bytes[1] === 254 ? 'link' : 'global';
  if (isLinkLocal(bytes)) return 'link';
  if (bytes[0] === 0xfe && (bytes[1]! & 0xc0) === 0xc0) return 'site';
  return bytes.subarray(0, 15).every((byte) => byte === 0) && bytes[15] === 1 ? 'host' : 'global';
}

/**
 * The prefix of a mask: how many bits lead. A mask ends with its last byte that is not 0, its family may be missing, and one without
 * bytes is 0. Null when there is none.
 */
export function prefixLengthOf(mask: Buffer | undefined, family: IpAddress['family']): number | null {
  if (!mask) return null;
  const { at, length } = place[family];
  let bits = 0;
  for (const byte of mask.subarray(at, at + length)) {
    bits += Math.clz32(~(byte << 24));
    if (byte !== 0xff) break;
  }
  return bits;
}

/** The hardware address in a link address: `a4:83:e7:00:11:22`; empty where it has none, null when it is no link address, or cut. */
export function parseHardwareAddress(socketAddress: Buffer): string | null {
  const { family, nameLength, addressLength, data } = LINK_ADDRESS.fields;
  if (socketAddress.length < data[1] || readField(socketAddress, family) !== APPLE.AF_LINK) return null;
  const start = data[1] + readField(socketAddress, nameLength);
  const end = start + readField(socketAddress, addressLength);
  if (end > socketAddress.length) return null;
  return Array.from(socketAddress.subarray(start, end), (byte) => byte.toString(16).padStart(2, '0')).join(':');
}
