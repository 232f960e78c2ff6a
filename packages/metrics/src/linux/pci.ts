import path from 'node:path';
import type { Host } from '@hecate/host';
import { parsePciAddress, pciGroups } from '../domain/pci.ts';
import type { PciDevice } from '../domain/pci.ts';
import type { Collector, Sliced } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributesOf } from './attribute.ts';
import { devicePathOf, namesIn } from './device-files/device-path.ts';
import { findPciNames } from './pci/pci-ids.ts';
import type { PciNames } from './pci/pci-ids.ts';

const DEVICES = '/sys/bus/pci/devices';

/** Transfers per second of `8.0 GT/s PCIe`; null for `Unknown` and anything else. */
export function parseLinkSpeed(text: string | null): number | null {
  const giga = /^(\d{1,4}(?:\.\d{1,3})?) GT\/s/.exec(text ?? '')?.[1];
  // Through thousandths, so that 2.5 is exactly 2,500,000,000.
  return giga === undefined ? null : Math.round(Number(giga) * 1000) * 1e6;
}

/** A width or count; null for what drivers say when there is no link: nothing, 0 lanes, or 63 of them. */
function linkWidth(number: number | null): number | null {
  return number === null || number <= 0 || number === 63 || number === 255 ? null : number;
}

/** One device; what may not be read is null and a gap. Null for an entry that is none. */
function readDevice(host: Host, address: string, gaps: GapSink): PciDevice | null {
  const location = parsePciAddress(address);
  if (!location) return null;
  const directory = `${DEVICES}/${address}`;
  const { text, number } = attributesOf(host, directory, `pci.${address}`, gaps);
  const count = (file: string): number | null => {
    const value = number(file);
    return value === null || value < 0 ? null : value;
  };
  const flag = (file: string): boolean | null => {
    const value = number(file);
    return value === null ? null : value !== 0;
  };
  const id = (file: string, digits: number): string | null => {
    const value = count(file);
    return value === null ? null : `0x${value.toString(16).padStart(digits, '0')}`;
  };
  const classId = id('class', 6);
  const vendorId = id('vendor', 4);
  const deviceId = id('device', 4);
  if (classId === null || vendorId === null || deviceId === null) return null;
  const parent = path.basename(path.dirname(devicePathOf(host, directory) ?? ''));
  const driver = devicePathOf(host, `${directory}/driver`);
  return {
    ...location,
    address,
    parent: parsePciAddress(parent) ? parent : null,
    classId,
    vendorId,
    deviceId,
    subsystemVendorId: id('subsystem_vendor', 4),
    subsystemDeviceId: id('subsystem_device', 4),
    revision: id('revision', 2),
    className: null,
    vendorName: null,
    deviceName: null,
    driver: driver === null ? null : path.basename(driver),
    numaNode: count('numa_node'),
    linkSpeed: parseLinkSpeed(text('current_link_speed')),
    maxLinkSpeed: parseLinkSpeed(text('max_link_speed')),
    linkWidth: linkWidth(number('current_link_width')),
    maxLinkWidth: linkWidth(number('max_link_width')),
    powerState: text('power_state') || null,
    runtimeStatus: text('power/runtime_status') || null,
    d3coldAllowed: flag('d3cold_allowed'),
    sriovAutoprobe: flag('sriov_drivers_autoprobe'),
    sriovFunctions: count('sriov_numvfs'),
    sriovMaxFunctions: count('sriov_totalvfs'),
    sriovInterrupts: count('sriov_vf_total_msix'),
  };
}

/** What the list of ids calls a device. */
function named(row: PciDevice, names: PciNames): PciDevice {
  return {
    ...row,
    className: names.classOf(row.classId),
    vendorName: names.vendorOf(row.vendorId),
    deviceName: names.deviceOf(row.vendorId, row.deviceId),
  };
}

/** The devices of the bus. None of these files wakes a device that sleeps. */
function* readDevices(host: Host, known: Map<string, PciNames>, gaps: GapSink): Sliced<readonly PciDevice[]> {
  const rows: PciDevice[] = [];
  for (const address of namesIn(host, DEVICES).toSorted()) {
    const row = readDevice(host, address, gaps);
    if (row) rows.push(row);
    // Some twenty files each, and a server has hundreds of devices.
    yield;
  }
  // The list has a megabyte and a half: it is looked through once for all, and again only when there is a device of another kind.
  const kinds = rows.map((row) => `${row.classId} ${row.vendorId} ${row.deviceId}`).join('\n');
  let names = known.get(kinds);
  if (!names && rows.length > 0) {
    names = yield* findPciNames(host, rows);
    known.clear();
    known.set(kinds, names);
  }
  return names ? rows.map((row) => named(row, names)) : rows;
}

/** Devices on the PCI bus: what they are, who drives them, how they are linked, and whether they sleep. */
export const pci: Collector<'pci', readonly PciDevice[]> = {
  name: 'pci',
  lane: 'rare',
  sources: [DEVICES, '/usr/share/misc/pci.ids', '/usr/share/hwdata/pci.ids'],
  remedy: 'Mount /sys; install pci.ids or hwdata for names.',
  groups: pciGroups,
  open: (host) => {
    const known = new Map<string, PciNames>();
    return { read: (gaps) => readDevices(host, known, gaps), close: () => known.clear() };
  },
};
