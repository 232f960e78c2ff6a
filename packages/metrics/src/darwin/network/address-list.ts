import type { InterfaceAddress } from '../../domain/interface.ts';
import { APPLE } from '../apple-numbers.ts';
import { ADDRESS_MESSAGE } from '../layout/interface.ts';
import { readField } from '../layout/layout.ts';
import { addressesBehind, messagesOf } from './messages.ts';
import { formatIp, parseIpAddress, prefixLengthOf, scopeOf } from './socket-address.ts';

/** An IP address and the number of its interface. */
export interface ListedAddress {
  readonly index: number;
  readonly address: InterfaceAddress;
}

/**
 * The IP addresses in a list of NET_RT_IFLIST2. What is special about an address (temporary, deprecated) is not in it.
 * Throws FAILED when a message does not fit.
 */
export function parseAddressList(list: Buffer, isPointToPoint: (index: number) => boolean): ListedAddress[] {
  const found: ListedAddress[] = [];
  const { index: numberOf, addresses } = ADDRESS_MESSAGE.fields;
  for (const { type, start, end } of messagesOf(list)) {
    if (type !== APPLE.RTM_NEWADDR || end - start < ADDRESS_MESSAGE.size) continue;
    const behind = addressesBehind(list, { start: start + ADDRESS_MESSAGE.size, end }, readField(list, addresses, start));
    const own = parseIpAddress(behind.get(APPLE.RTA_IFA));
    const prefixLength = own && prefixLengthOf(behind.get(APPLE.RTA_NETMASK), own.family);
    if (!own || prefixLength === null) continue;
    const index = readField(list, numberOf, start);
    // One place for both: where there is another end there is no broadcast.
    const other = parseIpAddress(behind.get(APPLE.RTA_BRD));
    const text = other && other.family === own.family ? formatIp(other) : null;
    const peers = isPointToPoint(index);
    found.push({
      index,
      address: {
        family: own.family,
        address: formatIp(own),
        prefixLength,
        scope: scopeOf(own),
        flags: null,
        broadcast: peers || own.family === 'ipv6' ? null : text,
        peer: peers ? text : null,
      },
    });
  }
  return found;
}
