import { isPublishedDisk } from './disk.ts';
import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** What udev found out about an ATA disk. */
export interface AtaFacts {
  /** Whether it has a write cache. */
  readonly writeCache: number | null;
  readonly writeCacheEnabled: number | null;
  /** Rotations per minute; 0 for solid state. */
  readonly rotationRate: number | null;
}

/** What lies on a block device, as blkid told udev. */
export interface DiskContent {
  /** `ext4`, `LVM2_member`, `swap`. */
  readonly type: string;
  /** `filesystem`, `raid`, `crypto`, `other`. */
  readonly usage: string | null;
  readonly uuid: string | null;
  readonly version: string | null;
}

/** What a device mapper device is. */
export interface DeviceMapperFacts {
  readonly name: string;
  readonly uuid: string | null;
  /** Volume group, logical volume and its layer, for LVM. */
  readonly volumeGroup: string | null;
  readonly logicalVolume: string | null;
  readonly layer: string | null;
}

/** What a block device is. Null: neither udev nor the kernel says. */
export interface BlockReading {
  readonly device: string;
  readonly major: number;
  readonly minor: number;
  readonly model: string | null;
  /** The serial number printed on it, where the driver knows that one. */
  readonly serial: string | null;
  readonly revision: string | null;
  /** World wide name. */
  readonly wwn: string | null;
  /** Where it is plugged in: `pci-0000:00:1f.2-ata-1`. */
  readonly path: string | null;
  /** 1 for a spinning disk; 0 for others, and where the kernel does not say (node_exporter does the same). */
  readonly rotational: number;
  /** Bytes. */
  readonly size: number | null;
  readonly content: DiskContent | null;
  readonly mapper: DeviceMapperFacts | null;
  readonly ata: AtaFacts | null;
}

const SILENT = 'udev does not say';
const ata = (key: keyof AtaFacts, name: string, help: string): Field<AtaFacts> => ({
  key,
  kind: 'gauge',
  unit: 'none',
  help,
  nullWhen: SILENT,
  prometheus: { name: `node_disk_ata_${name}` },
});

/** Rows of one part of the published devices, each with its device's name. */
const parts =
  <Part extends object>(pick: (row: BlockReading) => Part | null) =>
  (reading: readonly BlockReading[]): (Part & { device: string })[] => {
    const rows: (Part & { device: string })[] = [];
    for (const row of reading) {
      const part = isPublishedDisk(row.device) ? pick(row) : null;
      if (part) rows.push({ ...part, device: row.device });
    }
    return rows;
  };

/** Fields of the `block` collector. */
export const blockGroups = (): readonly Group<readonly BlockReading[]>[] => [
  group<readonly BlockReading[], BlockReading>({
    name: 'block',
    source: '/run/udev/data, /sys/class/block',
    rows: (reading) => reading,
    labels: { device: 'device' },
    fields: [
      {
        key: 'model',
        kind: 'info',
        unit: 'none',
        help: 'Model name.',
        nullWhen: SILENT,
        prometheus: {
          name: 'node_disk_info',
          help: 'What each block device is.',
          value: (row) => (isPublishedDisk(row.device) ? 1 : null),
          properties: {
            major: 'major',
            minor: 'minor',
            path: 'path',
            wwn: 'wwn',
            model: 'model',
            serial: 'serial',
            revision: 'revision',
            rotational: 'rotational',
          },
        },
      },
      { key: 'serial', kind: 'info', unit: 'none', help: 'Serial number.', nullWhen: SILENT },
      { key: 'revision', kind: 'info', unit: 'none', help: 'Firmware revision.', nullWhen: SILENT },
      { key: 'wwn', kind: 'info', unit: 'none', help: 'World wide name.', nullWhen: SILENT },
      { key: 'path', kind: 'info', unit: 'none', help: 'Where it is plugged in.', nullWhen: SILENT },
      { key: 'rotational', kind: 'gauge', unit: 'none', help: '1 for a spinning disk.' },
      {
        key: 'size',
        kind: 'gauge',
        unit: 'bytes',
        help: 'Size of the device.',
        nullWhen: 'the kernel does not say',
        prometheus: { name: 'hecate_disk_size_bytes', value: (row) => (isPublishedDisk(row.device) ? row.size : null) },
        otel: { name: 'system.disk.limit' },
      },
    ],
  }),
  group<readonly BlockReading[], DiskContent & { device: string }>({
    name: 'block.content',
    json: 'block[].content',
    source: '/run/udev/data',
    rows: parts((row) => row.content),
    labels: { device: 'device' },
    fields: [
      {
        key: 'type',
        kind: 'info',
        unit: 'none',
        help: 'Type of what lies on it, such as ext4 or LVM2_member.',
        prometheus: {
          name: 'node_disk_filesystem_info',
          help: 'What lies on each block device.',
          value: () => 1,
          properties: { type: 'type', usage: 'usage', uuid: 'uuid', version: 'version' },
        },
      },
      { key: 'usage', kind: 'info', unit: 'none', help: 'What it is for: filesystem, raid, crypto, other.', nullWhen: SILENT },
      { key: 'uuid', kind: 'info', unit: 'none', help: 'Its UUID.', nullWhen: SILENT },
      { key: 'version', kind: 'info', unit: 'none', help: 'Version of its format.', nullWhen: SILENT },
    ],
  }),
  group<readonly BlockReading[], DeviceMapperFacts & { device: string }>({
    name: 'block.mapper',
    json: 'block[].mapper',
    source: '/run/udev/data',
    rows: parts((row) => row.mapper),
    labels: { device: 'device' },
    fields: [
      {
        key: 'name',
        kind: 'info',
        unit: 'none',
        help: 'Name of the device mapper device.',
        prometheus: {
          name: 'node_disk_device_mapper_info',
          help: 'What each device mapper device is.',
          value: () => 1,
          properties: { name: 'name', uuid: 'uuid', vg_name: 'volumeGroup', lv_name: 'logicalVolume', lv_layer: 'layer' },
        },
      },
      { key: 'uuid', kind: 'info', unit: 'none', help: 'Its UUID.', nullWhen: SILENT },
      { key: 'volumeGroup', kind: 'info', unit: 'none', help: 'LVM volume group.', nullWhen: 'it is not of LVM' },
      { key: 'logicalVolume', kind: 'info', unit: 'none', help: 'LVM logical volume.', nullWhen: 'it is not of LVM' },
      { key: 'layer', kind: 'info', unit: 'none', help: 'Layer of the logical volume.', nullWhen: 'it has none' },
    ],
  }),
  group<readonly BlockReading[], AtaFacts & { device: string }>({
    name: 'block.ata',
    json: 'block[].ata',
    source: '/run/udev/data',
    rows: parts((row) => row.ata),
    labels: { device: 'device' },
    fields: [
      ata('writeCache', 'write_cache', '1 when the disk has a write cache.'),
      ata('writeCacheEnabled', 'write_cache_enabled', '1 when its write cache is on.'),
      ata('rotationRate', 'rotation_rate_rpm', 'Rotations per minute; 0 for solid state.'),
    ],
  }),
];
