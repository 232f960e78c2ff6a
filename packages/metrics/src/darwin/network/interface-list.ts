import type { Darwin } from '../binding/darwin.ts';
import { APPLE } from '../apple-numbers.ts';
import { INTERFACE_DATA, INTERFACE_MESSAGE, LINK_ADDRESS, MESSAGE_DATA } from '../layout/interface.ts';
import { readField } from '../layout/layout.ts';
import { sysctlBytes } from '../libsystem/sysctl.ts';
import { messagesOf } from './messages.ts';

const LIST = [APPLE.CTL_NET, APPLE.PF_ROUTE, 0, 0, APPLE.NET_RT_IFLIST2, 0] as const;

/** One interface in the list. */
export interface ListedInterface {
  readonly name: string;
  readonly index: number;
  /** IFT number of its kind. */
  readonly type: number;
  /** IFF numbers. */
  readonly flags: number;
  /** `struct if_data64` as the list has it: the kernel rounds its bytes to 1 KiB for programs of others than Apple. */
  readonly data: Buffer;
  /** `struct sockaddr_dl`: its name and hardware address. */
  readonly link: Buffer;
  /** Packets that may wait to be sent. */
  readonly queueLength: number;
  readonly transmitDrops: number;
}

/** The name in the address that follows a message; null when there is none. */
function nameAfter(list: Buffer, message: number, end: number): string | null {
  const address = message + INTERFACE_MESSAGE.size;
  const { addresses } = INTERFACE_MESSAGE.fields;
  const { family, nameLength, data } = LINK_ADDRESS.fields;
  if ((readField(list, addresses, message) & APPLE.RTA_IFP) === 0 || address + data[1] > end) return null;
  if (readField(list, family, address) !== APPLE.AF_LINK) return null;
  const start = address + data[1];
  const stop = start + readField(list, nameLength, address);
  return stop > start && stop <= end ? list.toString('utf8', start, stop) : null;
}

/** The interfaces in a list of NET_RT_IFLIST2; messages of other kinds are passed over. Throws FAILED when one does not fit. */
export function parseInterfaceList(list: Buffer): ListedInterface[] {
  const found: ListedInterface[] = [];
  const { flags, index, queueLength, transmitDrops } = INTERFACE_MESSAGE.fields;
  for (const { type, start, end } of messagesOf(list)) {
    if (type !== APPLE.RTM_IFINFO2 || end - start < INTERFACE_MESSAGE.size) continue;
    const name = nameAfter(list, start, end);
    if (name === null) continue;
    const data = list.subarray(start + MESSAGE_DATA, start + MESSAGE_DATA + INTERFACE_DATA.size);
    found.push({
      name,
      index: readField(list, index, start),
      type: readField(data, INTERFACE_DATA.fields.type),
      flags: readField(list, flags, start),
      data,
      link: list.subarray(start + INTERFACE_MESSAGE.size, end),
      queueLength: readField(list, queueLength, start),
      transmitDrops: readField(list, transmitDrops, start),
    });
  }
  return found;
}

/** The list of interfaces and their addresses, as the kernel gives it. Throws the system's error. */
export const readInterfaceList = (darwin: Darwin): Buffer => sysctlBytes(darwin, LIST);

/** All interfaces. Throws the system's error, FAILED for a list that is cut. */
export const listInterfaces = (darwin: Darwin): ListedInterface[] => parseInterfaceList(readInterfaceList(darwin));
