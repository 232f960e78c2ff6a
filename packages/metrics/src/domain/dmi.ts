import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/**
 * What the firmware says that the machine is (SMBIOS, through /sys/class/dmi/id). Null: it says nothing, or this user may
 * not read it. Texts are as the firmware has them: many makers left "To be filled by O.E.M." in.
 */
export interface DmiReading {
  readonly systemVendor: string | null;
  readonly productName: string | null;
  readonly productVersion: string | null;
  readonly productFamily: string | null;
  readonly productSku: string | null;
  /** Read by root only, as are the other serial numbers. */
  readonly productSerial: string | null;
  readonly productUuid: string | null;
  readonly boardVendor: string | null;
  readonly boardName: string | null;
  readonly boardVersion: string | null;
  readonly boardSerial: string | null;
  readonly boardAssetTag: string | null;
  readonly biosVendor: string | null;
  readonly biosVersion: string | null;
  readonly biosRelease: string | null;
  readonly biosDate: string | null;
  readonly chassisVendor: string | null;
  readonly chassisVersion: string | null;
  readonly chassisSerial: string | null;
  readonly chassisAssetTag: string | null;
  /** Kind of case in words: `Notebook`, `Rack Mount Chassis`. */
  readonly chassisType: string | null;
  /** Model of a board that is described by a device tree: `Raspberry Pi 4 Model B Rev 1.4`. */
  readonly deviceTreeModel: string | null;
  /** What that board is compatible with, the closest first: `raspberrypi,4-model-b`. */
  readonly deviceTreeCompatible: readonly string[];
  readonly deviceTreeSerial: string | null;
}

/** A text that is one file of the firmware's. */
export type DmiText = Exclude<keyof DmiReading, 'chassisType' | 'deviceTreeModel' | 'deviceTreeCompatible' | 'deviceTreeSerial'>;

/** Property to the kernel's file, which is node_exporter's label too (but for `sys_vendor`). */
export const DMI_FILES: Readonly<Record<DmiText, string>> = {
  biosDate: 'bios_date',
  biosRelease: 'bios_release',
  biosVendor: 'bios_vendor',
  biosVersion: 'bios_version',
  boardAssetTag: 'board_asset_tag',
  boardName: 'board_name',
  boardSerial: 'board_serial',
  boardVendor: 'board_vendor',
  boardVersion: 'board_version',
  chassisAssetTag: 'chassis_asset_tag',
  chassisSerial: 'chassis_serial',
  chassisVendor: 'chassis_vendor',
  chassisVersion: 'chassis_version',
  productFamily: 'product_family',
  productName: 'product_name',
  productSerial: 'product_serial',
  productSku: 'product_sku',
  productUuid: 'product_uuid',
  productVersion: 'product_version',
  systemVendor: 'sys_vendor',
};

/** Kinds of cases by number, from 1 (SMBIOS 3.7, 7.4.1 System Enclosure or Chassis Types). */
const CHASSIS_TYPES =
  'Other,Unknown,Desktop,Low Profile Desktop,Pizza Box,Mini Tower,Tower,Portable,Laptop,Notebook,Hand Held,Docking Station,All in One,Sub Notebook,Space-saving,Lunch Box,Main Server Chassis,Expansion Chassis,SubChassis,Bus Expansion Chassis,Peripheral Chassis,RAID Chassis,Rack Mount Chassis,Sealed-case PC,Multi-system chassis,Compact PCI,Advanced TCA,Blade,Blade Enclosure,Tablet,Convertible,Detachable,IoT Gateway,Embedded PC,Mini PC,Stick PC'.split(
    ',',
  );

/** The kind of case in words; null for a number that the standard does not know. */
export function chassisTypeOf(number: number | null): string | null {
  // The highest bit says that the case has a lock.
  return number === null ? null : (CHASSIS_TYPES[(number & 0x7f) - 1] ?? null);
}

const HELP: Readonly<Record<DmiText, string>> = {
  biosDate: 'Date of the firmware.',
  biosRelease: 'Release of the firmware.',
  biosVendor: 'Maker of the firmware.',
  biosVersion: 'Version of the firmware.',
  boardAssetTag: "Owner's mark of the board.",
  boardName: 'Name of the board.',
  boardSerial: 'Serial number of the board.',
  boardVendor: 'Maker of the board.',
  boardVersion: 'Version of the board.',
  chassisAssetTag: "Owner's mark of the case.",
  chassisSerial: 'Serial number of the case.',
  chassisVendor: 'Maker of the case.',
  chassisVersion: 'Version of the case.',
  productFamily: 'Family of the product.',
  productName: 'Name of the product.',
  productSerial: 'Serial number of the product.',
  productSku: 'Order number of the product.',
  productUuid: 'Unique id of the machine.',
  productVersion: 'Version of the product.',
  systemVendor: 'Maker of the machine.',
};

/** What the firmware does not say is left out of the labels, as node_exporter does. */
const info = {
  name: 'node_dmi_info',
  help: 'What the firmware says that the machine is.',
  value: (row: DmiReading): number | null => (Object.keys(DMI_FILES).some((key) => row[key as DmiText] !== null) ? 1 : null),
  sparse: true,
  properties: Object.fromEntries(
    (Object.entries(DMI_FILES) as [DmiText, string][]).map(([key, file]) => [file === 'sys_vendor' ? 'system_vendor' : file, key]),
  ),
} as const;

/** Fields of {@link DmiReading}. */
export const dmiGroups = (): readonly Group<DmiReading>[] => [
  group<DmiReading, DmiReading>({
    name: 'dmi',
    source: '/sys/class/dmi/id, /proc/device-tree',
    rows: (reading) => [reading],
    fields: [
      ...(Object.keys(DMI_FILES) as DmiText[]).map((key): Field<DmiReading> => ({
        key,
        kind: 'info',
        unit: 'none',
        help: HELP[key],
        nullWhen: 'the firmware does not say, or only root may read it',
        ...(key === 'productName' ? { prometheus: info } : {}),
      })),
      { key: 'chassisType', kind: 'info', unit: 'none', help: 'Kind of case in words.', nullWhen: 'the firmware does not say' },
      { key: 'deviceTreeModel', kind: 'info', unit: 'none', help: 'Model of a board with a device tree.', nullWhen: 'it has none' },
      { key: 'deviceTreeCompatible', kind: 'info', unit: 'none', help: 'What that board is compatible with.' },
      { key: 'deviceTreeSerial', kind: 'info', unit: 'none', help: 'Serial number of that board.', nullWhen: 'it has none' },
    ],
  }),
];
