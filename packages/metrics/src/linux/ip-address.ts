/** An IPv4 address from four bytes in network order. */
export function formatIpv4(bytes: Uint8Array, at: number = 0): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

/** Whether sixteen bytes are an IPv4 address in IPv6 (`::ffff:0:0/96`). */
function isMapped(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 10; i++) if (bytes[at + i] !== 0) return false;
  return bytes[at + 10] === 0xff && bytes[at + 11] === 0xff;
}

/** An IPv6 address from sixteen bytes in network order, as RFC 5952 writes it: the first longest run of zero groups is `::`. */
export function formatIpv6(bytes: Uint8Array, at: number = 0): string {
  if (isMapped(bytes, at)) return `::ffff:${formatIpv4(bytes, at + 12)}`;
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[at + i]! << 8) | bytes[at + i + 1]!);
  let start = -1;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (groups[i + length] === 0) length++;
    if (length > longest) [start, longest] = [i, length];
    i += length;
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  return start < 0 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + longest))}`;
}

/** An address of either family by the number of its bytes; null for another number. */
export function formatAddress(bytes: Uint8Array): string | null {
  if (bytes.length === 4) return formatIpv4(bytes);
  return bytes.length === 16 ? formatIpv6(bytes) : null;
}

/** Eight hexadecimal digits to the four bytes that they are in the memory of a little-endian machine, or null. */
const WORD = /^[\dA-Fa-f]{8}$/;

/**
 * An address of /proc/net/{route,tcp,tcp6,udp6}: 32-bit words printed as numbers, so each word's bytes are reversed
 * on the little-endian machines that Node runs on. Null for anything else.
 */
export function parseWordAddress(text: string): string | null {
  if (text.length !== 8 && text.length !== 32) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let word = 0; word < text.length; word += 8) {
    const digits = text.slice(word, word + 8);
    if (!WORD.test(digits)) return null;
    const value = Number.parseInt(digits, 16);
    for (let i = 0; i < 4; i++) bytes[word / 2 + i] = (value >>> (8 * i)) & 255;
  }
  return formatAddress(bytes);
}

/** An address printed byte by byte: 8 or 32 hexadecimal digits in network order (/proc/net/{if_inet6,ipv6_route,ip_vs}). */
export function parsePlainAddress(text: string): string | null {
  if (!/^(?:[\da-f]{8}|[\da-f]{32})$/i.test(text)) return null;
  return formatAddress(Buffer.from(text, 'hex'));
}
