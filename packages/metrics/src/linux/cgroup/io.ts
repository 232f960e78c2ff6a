import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { ByteCursor } from '../../model/cursor.ts';
import type { CgroupFiles } from './files.ts';
import type { CgroupPlace } from './place.ts';
import type { Mutable } from '../../model/mutable.ts';

/** Block I/O of a group since it was made, over disks of their own: what a mapped device passes on is counted once. */
export interface CgroupIo {
  readonly readBytes: number;
  readonly writeBytes: number;
  readonly reads: number;
  readonly writes: number;
}

type Sum = Mutable<CgroupIo>;

/** Whether a device, by its number `8:0`, is to be counted. */
export type CountsDevice = (number: string) => boolean;

/**
 * io.stat of v2: `8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0` (kernel: cgroup-v2.rst, "IO Interface Files").
 * A line may hold a number of a device and nothing else. Throws FAILED on a value that is no number.
 */
export function parseIoStat(cursor: ByteCursor, counts: CountsDevice): CgroupIo {
  const sum: Sum = { readBytes: 0, writeBytes: 0, reads: 0, writes: 0 };
  for (; !cursor.done; cursor.nextLine()) {
    if (!counts(cursor.word())) continue;
    while (!cursor.lineDone) {
      if (cursor.match('rbytes=')) sum.readBytes += cursor.integer();
      else if (cursor.match('wbytes=')) sum.writeBytes += cursor.integer();
      else if (cursor.match('rios=')) sum.reads += cursor.integer();
      else if (cursor.match('wios=')) sum.writes += cursor.integer();
      else cursor.skipWords(1);
    }
  }
  return sum;
}

/** blkio.throttle.* of v1: `8:0 Read 123`, `8:0 Write 4`, then other kinds and a total (kernel: cgroup-v1/blkio-controller.rst). */
export function parseBlkio(cursor: ByteCursor, counts: CountsDevice): { read: number; write: number } {
  const sum = { read: 0, write: 0 };
  for (; !cursor.done; cursor.nextLine()) {
    if (!counts(cursor.word())) continue;
    if (cursor.skipSpaces().match('Read ')) sum.read += cursor.integer();
    else if (cursor.match('Write ')) sum.write += cursor.integer();
  }
  return sum;
}

/**
 * Counts a device unless it is built from others (dm, md), whose I/O is counted there again. Each number is looked up once.
 */
export function openDeviceFilter(host: Pick<Host, 'list'>): CountsDevice {
  const known = new Map<string, boolean>();
  return (number) => {
    const is = known.get(number);
    if (is !== undefined) return is;
    if (!/^\d{1,9}:\d{1,9}$/.test(number)) return false;
    let counts = true;
    try {
      counts = host.list(`/sys/dev/block/${number}/slaves`).length === 0;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
    // More numbers than a machine has disks: they come and go, and are asked again.
    if (known.size > 1000) known.clear();
    known.set(number, counts);
    return counts;
  };
}

/** Reads the I/O of a group; null where its controller is not enabled. */
export function readCgroupIo(files: CgroupFiles, place: CgroupPlace, counts: CountsDevice): CgroupIo | null {
  if (!place.controllers) {
    const stat = files.open(place.unified, 'io.stat');
    return stat && parseIoStat(stat, counts);
  }
  const read = (file: string): { read: number; write: number } | null => {
    // The recursive files are there since Linux 4.10.
    const at = files.open(place.controllers?.blkio, `${file}_recursive`) ?? files.open(place.controllers?.blkio, file);
    return at && parseBlkio(at, counts);
  };
  const bytes = read('blkio.throttle.io_service_bytes');
  const count = read('blkio.throttle.io_serviced');
  return bytes && count && { readBytes: bytes.read, writeBytes: bytes.write, reads: count.read, writes: count.write };
}
