import { readFileSync } from 'node:fs';
import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { PciDevice } from '../../domain/pci.ts';
import type { Sliced } from '../../model/collector.ts';

/** Where distributions have the list of PCI ids. */
export const PCI_ID_FILES: readonly string[] = ['/usr/share/misc/pci.ids', '/usr/share/hwdata/pci.ids'];

/** Names of some devices; null for what the list does not have. Ids are `0x` and hexadecimal digits. */
export interface PciNames {
  classOf(classId: string): string | null;
  vendorOf(vendorId: string): string | null;
  deviceOf(vendorId: string, deviceId: string): string | null;
}

/** The ids of a device. */
export type PciIds = Pick<PciDevice, 'classId' | 'vendorId' | 'deviceId'>;

const NEWLINE = 10;
const TAB = 9;
const HASH = 35;

/** Lines looked through between two turns of the event loop: half a millisecond. */
const SLICE = 2000;

/**
 * Looks for the wanted ids in a list of PCI ids (https://pci-ids.ucw.cz): `1022  AMD` names a vendor, a tab and `1634  Bridge` one of
 * its devices, two tabs a subsystem, `C 01  Storage` a class and a tab and `08  NVMe` a subclass.
 * Only what is wanted is kept: `v1022`, `d10221634`, `c01`, `s0108`.
 */
export function* parsePciIds(bytes: Buffer, length: number, wanted: ReadonlySet<string>): Sliced<Map<string, string>> {
  const found = new Map<string, string>();
  let above = '';
  let isClass = false;
  let lines = 0;
  for (let at = 0; at < length;) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 || newline > length ? length : newline;
    const first = bytes[at];
    if (first === TAB && bytes[at + 1] !== TAB && above !== '') {
      const key = (isClass ? 's' : 'd') + above + bytes.toString('latin1', at + 1, Math.min(end, at + (isClass ? 3 : 5)));
      if (wanted.has(key)) found.set(key, bytes.toString('utf8', at + (isClass ? 3 : 5), end).trim());
    } else if (first !== TAB && first !== HASH && end > at) {
      isClass = bytes[at] === 67 && bytes[at + 1] === 32;
      const start = isClass ? at + 2 : at;
      const stop = Math.min(end, start + (isClass ? 2 : 4));
      above = bytes.toString('latin1', start, stop);
      const key = (isClass ? 'c' : 'v') + above;
      if (wanted.has(key)) found.set(key, bytes.toString('utf8', stop, end).trim());
      // Devices of a vendor that nobody asked about are skipped without a look.
      else if (!isClass) above = '';
    }
    at = end + 1;
    if (++lines % SLICE === 0) yield;
  }
  return found;
}

const plain = (id: string): string => id.slice(2);

/** The names of these devices, from the first list that the machine has; without one, no names. */
export function* findPciNames(host: Host, devices: readonly PciIds[]): Sliced<PciNames> {
  const wanted = new Set<string>();
  for (const { classId, vendorId, deviceId } of devices) {
    const kind = plain(classId);
    wanted.add(`v${plain(vendorId)}`).add(`d${plain(vendorId)}${plain(deviceId)}`);
    wanted.add(`c${kind.slice(0, 2)}`).add(`s${kind.slice(0, 4)}`);
  }
  let found = new Map<string, string>();
  for (const file of PCI_ID_FILES) {
    try {
      // A buffer of its own: the host's would grow to the size of this list, and stay so.
      const bytes = readFileSync(host.resolve(file));
      found = yield* parsePciIds(bytes, bytes.length, wanted);
      break;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  return {
    classOf: (classId) => found.get(`s${plain(classId).slice(0, 4)}`) ?? found.get(`c${plain(classId).slice(0, 2)}`) ?? null,
    vendorOf: (vendorId) => found.get(`v${plain(vendorId)}`) ?? null,
    deviceOf: (vendorId, deviceId) => found.get(`d${plain(vendorId)}${plain(deviceId)}`) ?? null,
  };
}
