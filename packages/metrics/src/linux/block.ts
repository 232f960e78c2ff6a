import type { Host } from '@hecate/host';
import { blockGroups } from '../domain/block.ts';
import type { BlockReading } from '../domain/block.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import type { GapSink } from '../model/gap.ts';
import { parseAttributeNumber, readNumber } from './attribute.ts';
import { parseDiskstats, isUnusedDisk } from './disk.ts';
import { sysfsNameOf } from './physical-disk.ts';
import { readUdevBlock } from './udev.ts';
import type { UdevProperties } from './udev.ts';

/** Puts what udev and the kernel say into a row. */
export function describeBlock(
  device: { readonly device: string; readonly major: number; readonly minor: number },
  udev: UdevProperties,
  rotational: number | null,
  sectors: number | null,
): BlockReading {
  const say = (key: string): string | null => udev.get(key) ?? null;
  const count = (key: string): number | null => parseAttributeNumber(say(key));
  const type = say('ID_FS_TYPE');
  const name = say('DM_NAME');
  return {
    device: device.device,
    major: device.major,
    minor: device.minor,
    model: say('ID_MODEL'),
    revision: say('ID_REVISION'),
    wwn: say('ID_WWN'),
    path: say('ID_PATH'),
    // SCSI's own is what is printed on the disk; virtio disks have only the long one.
    serial: say('SCSI_IDENT_SERIAL') ?? say('ID_SERIAL_SHORT') ?? say('ID_SERIAL'),
    rotational: rotational === 1 ? 1 : 0,
    size: sectors === null ? null : sectors * 512,
    content: type === null ? null : { type, usage: say('ID_FS_USAGE'), uuid: say('ID_FS_UUID'), version: say('ID_FS_VERSION') },
    mapper:
      name === null
        ? null
        : {
            name,
            uuid: say('DM_UUID'),
            volumeGroup: say('DM_VG_NAME'),
            logicalVolume: say('DM_LV_NAME'),
            layer: say('DM_LV_LAYER'),
          },
    ata: udev.has('ID_ATA')
      ? {
          writeCache: count('ID_ATA_WRITE_CACHE'),
          writeCacheEnabled: count('ID_ATA_WRITE_CACHE_ENABLED'),
          rotationRate: count('ID_ATA_ROTATION_RATE_RPM'),
        }
      : null,
  };
}

/** One device; what may not be read is null and a gap. */
function readBlock(
  host: Host,
  row: { readonly device: string; readonly major: number; readonly minor: number },
  gaps: GapSink,
): BlockReading {
  const name = sysfsNameOf(row.device);
  const ask = <Value>(field: string, read: () => Value, otherwise: Value): Value => {
    try {
      return read();
    } catch (error) {
      gaps.addError(`block.${row.device}.${field}`, error);
      return otherwise;
    }
  };
  const udev = ask('udev', () => readUdevBlock(host, row.major, row.minor), new Map<string, string>());
  const rotational = ask('rotational', () => readNumber(host, `/sys/block/${name}/queue/rotational`), null);
  const sectors = ask('size', () => readNumber(host, `/sys/block/${name}/size`) ?? readNumber(host, `/sys/class/block/${name}/size`), null);
  return describeBlock(row, udev, rotational, sectors);
}

/** What block devices are: model, serial number, size, what lies on them. The same devices as `disk`. */
export const block: Collector<'block', readonly BlockReading[]> = {
  name: 'block',
  lane: 'rare',
  sources: ['/proc/diskstats', '/run/udev/data', '/sys/block'],
  remedy: 'Mount /proc and /sys; in a container, mount /run/udev too.',
  groups: blockGroups,
  open: (host) => ({
    read(gaps) {
      const rows = parseDiskstats(new ByteCursor().reset(host.read('/proc/diskstats')));
      return rows.filter((row) => !isUnusedDisk(row)).map((row) => readBlock(host, row, gaps));
    },
    close: () => {},
  }),
};
