import { HecateError } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { APPLE } from '../apple-numbers.ts';
import { INTERFACE_DATA, INTERFACE_MESSAGE, LINK_ADDRESS, MESSAGE_DATA } from '../layout/interface.ts';
import { readField } from '../layout/layout.ts';
import { sysctlBytes } from '../libsystem/sysctl.ts';

const LIST = [APPLE.CTL_NET, APPLE.PF_ROUTE, 0, 0, APPLE.NET_RT_IFLIST2, 0] as const;

/** One interface in the list. */
export interface ListedInterface {
  readonly name: string;
  readonly index: number;
  /** IFT number of its kind. */
  readonly type: number;
  readonly flags: number;
  /** `struct if_data64` as the list has it: the kernel rounds its bytes to 1 KiB for programs of others than Apple. */
  readonly data: Buffer;
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

/** The messages of NET_RT_IFLIST2 (route(4)): those of interfaces, others passed over. Throws FAILED when one does not fit. */
export function parseInterfaceList(list: Buffer): ListedInterface[] {
  const found: ListedInterface[] = [];
  const { length, type, flags, index, transmitDrops } = INTERFACE_MESSAGE.fields;
  for (let message = 0; message < list.length;) {
    const size = message + 4 > list.length ? 0 : readField(list, length, message);
    const end = message + size;
    if (size < 4 || end > list.length) throw new HecateError('FAILED', `The list of interfaces is cut after ${message} bytes.`);
    if (readField(list, type, message) === APPLE.RTM_IFINFO2 && size >= INTERFACE_MESSAGE.size) {
      const name = nameAfter(list, message, end);
      const data = list.subarray(message + MESSAGE_DATA, message + MESSAGE_DATA + INTERFACE_DATA.size);
      if (name !== null)
        found.push({
          name,
          index: readField(list, index, message),
          type: readField(data, INTERFACE_DATA.fields.type),
          flags: readField(list, flags, message),
          data,
          transmitDrops: readField(list, transmitDrops, message),
        });
    }
    message = end;
  }
  return found;
}

/** All interfaces. Throws the system's error, FAILED for a list that is cut. */
export const listInterfaces = (darwin: Darwin): ListedInterface[] => parseInterfaceList(sysctlBytes(darwin, LIST));
