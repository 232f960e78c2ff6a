import type { Host } from '@hecate/host';
import { volumesGroups } from '../domain/volumes.ts';
import type { VolumeKind, VolumeReading } from '../domain/volumes.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributesOf, listMatching } from './attribute.ts';

const SYS = '/sys/block';
const SECTOR = 512;

/** Who made a device: UUIDs begin with that, by convention (kernel: Documentation/admin-guide/device-mapper/dm-uevent.rst; libdevmapper). */
const PREFIXES: readonly (readonly [RegExp, VolumeKind])[] = [
  [/^LVM-/, 'lvm'],
  [/^CRYPT-/, 'crypt'],
  [/^mpath-/, 'multipath'],
  [/^DMRAID-/, 'raid'],
  [/^part\d+-/, 'partition'],
  [/^stratis-/, 'stratis'],
];

/** What made a device, by its UUID. */
export function volumeKind(uuid: string | null): VolumeKind {
  return PREFIXES.find(([prefix]) => prefix.test(uuid ?? ''))?.[1] ?? 'other';
}

/** The parts of the name of a device of LVM: volume group, logical volume, layer. A hyphen of their own is doubled. */
export function splitVolumeName(name: string): { volumeGroup: string; logicalVolume: string | null; layer: string | null } {
  // LVM allows no name that begins with a hyphen, so of three in a row the last one is the separator.
  const [volumeGroup = '', logicalVolume, layer] = name
    .replaceAll('--', '\0')
    .split('-')
    .map((part) => part.replaceAll('\0', '-'));
  return { volumeGroup, logicalVolume: logicalVolume ?? null, layer: layer ?? null };
}

function readVolume(host: Host, device: string, gaps: GapSink): VolumeReading {
  const file = attributesOf(host, `${SYS}/${device}`, `volumes.${device}`, gaps);
  const flag = (name: string): boolean | null => {
    const value = file.number(name);
    return value === null ? null : value === 1;
  };
  const name = file.text('dm/name') || device;
  const uuid = file.text('dm/uuid') || null;
  const kind = volumeKind(uuid);
  const lvm = kind === 'lvm' ? splitVolumeName(name) : null;
  const sectors = file.number('size');
  return {
    device,
    name,
    uuid,
    kind,
    volumeGroup: lvm?.volumeGroup ?? null,
    logicalVolume: lvm?.logicalVolume ?? null,
    layer: lvm?.layer ?? null,
    encryption: kind === 'crypt' ? (/^CRYPT-([A-Z\d]+)-/.exec(uuid!)?.[1] ?? null) : null,
    size: sectors === null ? null : sectors * SECTOR,
    readOnly: flag('ro'),
    suspended: flag('dm/suspended'),
    slaves: listMatching(host, `${SYS}/${device}/slaves`, /./),
    holders: listMatching(host, `${SYS}/${device}/holders`, /./),
  };
}

/** Devices of the device mapper: LVM, encryption, multipath and what they are made of. */
export const volumes: Collector<'volumes', readonly VolumeReading[]> = {
  name: 'volumes',
  lane: 'rare',
  sources: ['/sys/block/dm-*'],
  remedy: 'Mount /sys.',
  groups: volumesGroups,
  open: (host) => ({
    *read(gaps) {
      const readings: VolumeReading[] = [];
      for (const device of listMatching(host, SYS, /^dm-\d+$/)) {
        readings.push(readVolume(host, device, gaps));
        yield;
      }
      return readings;
    },
    close: () => {},
  }),
};
