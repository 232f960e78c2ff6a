import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** What makes a device mapper device, by the prefix of its UUID. */
export type VolumeKind = 'lvm' | 'crypt' | 'multipath' | 'raid' | 'partition' | 'stratis' | 'other';

/** One device of the device mapper: a logical volume, an opened LUKS device, a multipath disk. */
export interface VolumeReading {
  /** Kernel name: `dm-0`. */
  readonly device: string;
  /** Its name: `vg0-root`, as in /dev/mapper. */
  readonly name: string;
  readonly uuid: string | null;
  readonly kind: VolumeKind;
  /** LVM: the volume group and the logical volume, with their hyphens; null for other kinds. */
  readonly volumeGroup: string | null;
  readonly logicalVolume: string | null;
  /** LVM: the part of a logical volume that it is, such as `tpool`, `cow`, `real`; null for the volume itself. */
  readonly layer: string | null;
  /** Encryption: `LUKS1`, `LUKS2`, `PLAIN`, ...; null for other kinds. */
  readonly encryption: string | null;
  /** Bytes; null when the kernel does not say. */
  readonly size: number | null;
  readonly readOnly: boolean | null;
  /** Whether its I/O is held up. */
  readonly suspended: boolean | null;
  /** Devices that it is made of, and those that are made of it. */
  readonly slaves: readonly string[];
  readonly holders: readonly string[];
}

const text = (key: keyof VolumeReading, help: string, nullWhen: string): Field<VolumeReading> => ({
  key,
  kind: 'info',
  unit: 'none',
  help,
  nullWhen,
});
const flag = (key: 'readOnly' | 'suspended', name: string, help: string): Field<VolumeReading> => ({
  key,
  kind: 'gauge',
  unit: 'none',
  help,
  nullWhen: 'the kernel does not say',
  prometheus: { name },
});

interface LinkRow {
  readonly device: string;
  readonly name: string;
  readonly slave: string;
  readonly linked: true;
}

/** Fields of the `volumes` collector. */
export const volumesGroups = (): readonly Group<readonly VolumeReading[]>[] => [
  group<readonly VolumeReading[], VolumeReading>({
    name: 'volumes',
    source: '/sys/block/dm-*',
    rows: (reading) => reading,
    labels: { device: 'device', name: 'name' },
    fields: [
      {
        key: 'kind',
        kind: 'info',
        unit: 'none',
        help: 'What made it: lvm, crypt, multipath, raid, partition or other.',
        prometheus: {
          name: 'hecate_volume_info',
          help: 'What each device of the device mapper is.',
          properties: {
            kind: 'kind',
            uuid: 'uuid',
            vg_name: 'volumeGroup',
            lv_name: 'logicalVolume',
            lv_layer: 'layer',
            encryption: 'encryption',
          },
        },
      },
      text('uuid', 'UUID of the device.', 'it has none'),
      text('volumeGroup', 'LVM volume group.', 'it is not of LVM'),
      text('logicalVolume', 'LVM logical volume.', 'it is not of LVM'),
      text('layer', 'Part of the logical volume that it is.', 'it is the volume itself'),
      text('encryption', 'Format of the encryption, such as LUKS2.', 'it is not encrypted'),
      {
        key: 'size',
        kind: 'gauge',
        unit: 'bytes',
        help: 'Size of the device.',
        nullWhen: 'the kernel does not say',
        prometheus: { name: 'hecate_volume_size_bytes' },
        otel: { name: 'hw.logical_disk.limit' },
      },
      flag('readOnly', 'hecate_volume_read_only', 'Whether it is read-only.'),
      flag('suspended', 'hecate_volume_suspended', 'Whether its I/O is held up.'),
    ],
  }),
  group<readonly VolumeReading[], LinkRow>({
    name: 'volumes.slaves',
    json: null,
    source: '/sys/block/dm-*/slaves',
    rows: (reading) =>
      reading.flatMap(({ device, name, slaves }) => slaves.map((slave) => ({ device, name, slave, linked: true as const }))),
    labels: { device: 'device', name: 'name', slave: 'slave' },
    fields: [
      {
        key: 'linked',
        kind: 'info',
        unit: 'none',
        help: 'A device that it is made of.',
        prometheus: { name: 'hecate_volume_slave_info' },
      },
    ],
  }),
];
