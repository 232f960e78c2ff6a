import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { readNumber } from './attribute.ts';

/**
 * Devices that are memory, a file, or made of other block devices: mapped (dm), RAID (md), DRBD, bcache, ZFS volumes (zd), ublk,
 * and the single paths of a multipath NVMe namespace, whose I/O the namespace counts too.
 */
const BUILT = /^(?:z?ram\d|loop\d|dm-\d|md_?d?\d|drbd\d|bcache\d|zd\d|ublkb\d|nvme\d+c\d+n\d)/;

/** The name in /sys of a device: `cciss/c0d0` is the directory `cciss!c0d0`. */
export function sysfsNameOf(device: string): string {
  return device.replaceAll('/', '!');
}

/**
 * Which of these devices are disks of their own, so that a total over them counts each byte once: not partitions,
 * not built from other devices. /sys/block decides; for a device that it does not have, names do.
 */
export function physicalDisks(host: Host, devices: readonly string[]): Set<string> {
  const disks = new Set(listOrEmpty(host, '/sys/block'));
  const names = new Set(devices);
  return new Set(
    devices.filter((device) => {
      if (BUILT.test(device)) return false;
      const name = sysfsNameOf(device);
      if (!disks.has(name)) return !isPartition(host, device, names);
      if (listOrEmpty(host, `/sys/block/${name}/slaves`).length > 0) return false;
      return !/^nbd\d/.test(device) || readNumber(host, `/sys/block/${name}/size`) !== 0;
    }),
  );
}

/** By /sys/class/block, or by name where the tree lacks it: `sda1` of `sda`, `nvme0n1p2` of `nvme0n1`. */
function isPartition(host: Host, device: string, names: ReadonlySet<string>): boolean {
  if (readNumber(host, `/sys/class/block/${sysfsNameOf(device)}/partition`) !== null) return true;
  // A disk whose name ends in a digit puts a `p` before the number of the partition.
  const lettered = /^(.*\d)p\d+$/.exec(device)?.[1];
  const plain = /^(.*\D)\d+$/.exec(device)?.[1];
  return (lettered !== undefined && names.has(lettered)) || (plain !== undefined && names.has(plain));
}

/** The names in a directory; none when it is not there or may not be read. */
function listOrEmpty(host: Host, directory: string): string[] {
  try {
    return host.list(directory);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}
