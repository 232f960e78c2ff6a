import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { chassisTypeOf, DMI_FILES, dmiGroups } from '../domain/dmi.ts';
import type { DmiReading, DmiText } from '../domain/dmi.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { parseAttributeNumber, readOptional } from './attribute.ts';

const DMI = '/sys/class/dmi/id';

/** Where a board says what it is: the kernel's link, and where it leads. */
const DEVICE_TREES = ['/proc/device-tree', '/sys/firmware/devicetree/base'];

/** The text of a property of a device tree ends in a null byte; `compatible` is several of them. */
export function parseDeviceTreeTexts(text: string): string[] {
  return text
    .split('\0')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** The texts of a property; none where there is no device tree. */
function readDeviceTree(host: Host, property: string): string[] {
  for (const tree of DEVICE_TREES) {
    try {
      return parseDeviceTreeTexts(host.readText(`${tree}/${property}`));
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  return [];
}

/**
 * One text of the firmware, its last line's end left out; bytes that are no UTF-8 are replaced. Null when it is not there,
 * or with a gap when only root may read it.
 */
function readText(host: Host, key: string, file: string, gaps: GapSink): string | null {
  return readOptional(host, `${DMI}/${file}`, `dmi.${key}`, gaps)?.replace(/^\s+|\s+$/g, '') ?? null;
}

/** What the firmware or the device tree says that the machine is. */
export const dmi: Collector<'dmi', DmiReading> = {
  name: 'dmi',
  lane: 'rare',
  sources: [DMI, ...DEVICE_TREES],
  permission: 'Everyone, but serial numbers and the UUID only root.',
  remedy: 'Mount /sys; serial numbers and the id of the machine are for root only.',
  groups: dmiGroups,
  open: (host) => ({
    read(gaps) {
      const texts = Object.fromEntries(Object.entries(DMI_FILES).map(([key, file]) => [key, readText(host, key, file, gaps)])) as Record<
        DmiText,
        string | null
      >;
      const model = readDeviceTree(host, 'model')[0] ?? null;
      if (model === null && Object.values(texts).every((text) => text === null)) {
        gaps.add('dmi', 'absent', 'This machine has neither DMI nor a device tree.');
      }
      return {
        ...texts,
        chassisType: chassisTypeOf(parseAttributeNumber(readText(host, 'chassisType', 'chassis_type', gaps))),
        deviceTreeModel: model,
        deviceTreeCompatible: readDeviceTree(host, 'compatible'),
        deviceTreeSerial: readDeviceTree(host, 'serial-number')[0] ?? null,
      };
    },
    close: () => {},
  }),
};
