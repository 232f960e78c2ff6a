import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { diskGroups, NOT_COUNTED } from '../domain/disk.ts';
import type { DiskReading } from '../domain/disk.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import type { Mutable } from '../model/mutable.ts';
import { physicalDisks } from './physical-disk.ts';

/** The unit of diskstats, whatever the sector size of the device (kernel: Documentation/block/stat.rst). */
const SECTOR = 512;

/** Most counters that a line can have and we know; later kernels may append more. */
const COUNTERS = 17;

const NINE = 57;

const counters: number[] = [];

/**
 * /proc/diskstats (kernel: Documentation/admin-guide/iostats.rst): one row a line, in order, `physical` still false.
 * A line has 11 counters, 15 with discards (4.18), 17 with flushes (5.5); up to Linux 2.6.24 partitions have 4,
 * and Linux 2.4 puts the size before the name. Other numbers of counters give what all versions agree on.
 * `known` are the names that the lines had last time: those that are still the same are not made anew.
 * Throws FAILED when a line does not start with two numbers and a name, or has fewer than 4 counters.
 */
export function parseDiskstats(cursor: ByteCursor, known: readonly string[] = []): Mutable<DiskReading>[] {
  const rows: Mutable<DiskReading>[] = [];
  for (; !cursor.done; cursor.nextLine()) {
    if (cursor.lineDone) continue;
    const major = cursor.integer();
    const minor = cursor.integer();
    let device = cursor.wordAs(known[rows.length]);
    if (device.charCodeAt(0) <= NINE && /^\d+$/.test(device) && !cursor.lineDone && !cursor.numberNext) device = cursor.word();
    const count = cursor.integers(counters, COUNTERS);
    if (count < 4) throw new HecateError('FAILED', `The line of ${device || 'a device'} in /proc/diskstats has ${count} counters.`);
    rows.push(count < 11 ? fewCounters(device, major, minor) : allCounters(device, major, minor, count));
  }
  return rows;
}

/** Partitions of old kernels: reads, sectors read, writes, sectors written. */
function fewCounters(device: string, major: number, minor: number): Mutable<DiskReading> {
  const [reads, sectorsRead, writes, sectorsWritten] = counters as [number, number, number, number];
  return {
    device,
    major,
    minor,
    physical: false,
    reads,
    readBytes: sectorsRead * SECTOR,
    readTime: null,
    writes,
    writeBytes: sectorsWritten * SECTOR,
    writeTime: null,
    ...NOT_COUNTED,
  };
}

function allCounters(device: string, major: number, minor: number, count: number): Mutable<DiskReading> {
  const c = counters;
  const discards = count >= 15;
  const flushes = count >= 17;
  return {
    device,
    major,
    minor,
    physical: false,
    reads: c[0]!,
    readsMerged: c[1]!,
    readBytes: c[2]! * SECTOR,
    readTime: c[3]! / 1000,
    writes: c[4]!,
    writesMerged: c[5]!,
    writeBytes: c[6]! * SECTOR,
    writeTime: c[7]! / 1000,
    inFlight: c[8]!,
    ioTime: c[9]! / 1000,
    weightedIoTime: c[10]! / 1000,
    discards: discards ? c[11]! : null,
    discardsMerged: discards ? c[12]! : null,
    discardSectors: discards ? c[13]! : null,
    discardTime: discards ? c[14]! / 1000 : null,
    flushes: flushes ? c[15]! : null,
    flushTime: flushes ? c[16]! / 1000 : null,
  };
}

/** Devices that the kernel makes in advance; listed once something was read or written. */
const PREPARED = /^(?:ram|loop|nbd|zram|fd)\d+$/;

/** Whether it is a prepared device that nothing ever used. */
export function isUnusedDisk(row: DiskReading): boolean {
  return row.reads === 0 && row.writes === 0 && !row.discards && PREPARED.test(row.device);
}

function isSameSet(before: readonly DiskReading[], after: readonly DiskReading[]): boolean {
  return (
    before.length === after.length &&
    after.every((row, index) => {
      const was = before[index]!;
      return was.device === row.device && was.major === row.major && was.minor === row.minor;
    })
  );
}

/** Leaves out what was never used and marks what is physical; asks /sys again only when the devices changed. */
function createMarker(host: Host): (rows: Mutable<DiskReading>[]) => DiskReading[] {
  let last: readonly DiskReading[] = [];
  let physical: ReadonlySet<string> = new Set();
  return (rows) => {
    const used = rows.filter((row) => !isUnusedDisk(row));
    if (!isSameSet(last, used))
      physical = physicalDisks(
        host,
        used.map((row) => row.device),
      );
    for (const row of used) row.physical = physical.has(row.device);
    last = used;
    return used;
  };
}

/** I/O of block devices. Prepared devices that nothing used (ram0, loop0) are left out. */
export const disk: Collector<'disk', readonly DiskReading[]> = {
  name: 'disk',
  lane: 'fast',
  sources: ['/proc/diskstats', '/sys/block'],
  remedy: 'Mount /proc and /sys; in a container, allow /proc/diskstats to be read.',
  groups: diskGroups,
  open(host) {
    const file = host.keep('/proc/diskstats');
    const cursor = new ByteCursor();
    const mark = createMarker(host);
    let known: readonly string[] = [];
    return {
      read() {
        const rows = parseDiskstats(cursor.reset(file.read()), known);
        known = rows.map((row) => row.device);
        return mark(rows);
      },
      close: file.close,
    };
  },
};
