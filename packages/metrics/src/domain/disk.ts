import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
import { eachPerSecond, perSecond } from '../model/rate-field.ts';
import type { RateField } from '../model/rate-field.ts';
import { counterRate } from './cpu.ts';

/** I/O of one block device since boot (kernel: Documentation/admin-guide/iostats.rst). */
export interface DiskReading {
  /** Kernel name: `sda`, `nvme0n1p2`. */
  readonly device: string;
  readonly major: number;
  readonly minor: number;
  /** Whether it is a disk of its own, not a partition of one, not built from others (dm, md), not loop, ram or zram. Totals sum these. */
  readonly physical: boolean;
  readonly reads: number;
  /** This and the other nulls below: partitions have four counters in kernels before 2.6.25, macOS counts nothing of {@link NOT_COUNTED}. */
  readonly readsMerged: number | null;
  readonly readBytes: number;
  /** Seconds that reads took, waiting included; parallel reads add up. */
  readonly readTime: number | null;
  readonly writes: number;
  readonly writesMerged: number | null;
  readonly writeBytes: number;
  readonly writeTime: number | null;
  /** Requests in flight now. */
  readonly inFlight: number | null;
  /** Seconds with at least one request in flight. */
  readonly ioTime: number | null;
  /** Seconds of `ioTime` weighted by the requests in flight. */
  readonly weightedIoTime: number | null;
  /** Discards are counted since Linux 4.18, flushes since 5.5 and for whole disks only. */
  readonly discards: number | null;
  readonly discardsMerged: number | null;
  /** Sectors of 512 bytes. */
  readonly discardSectors: number | null;
  readonly discardTime: number | null;
  readonly flushes: number | null;
  readonly flushTime: number | null;
}

/** What few kernels count, where it is not counted: partitions before Linux 2.6.25, and macOS. */
export const NOT_COUNTED = {
  readsMerged: null,
  writesMerged: null,
  inFlight: null,
  ioTime: null,
  weightedIoTime: null,
  discards: null,
  discardsMerged: null,
  discardSectors: null,
  discardTime: null,
  flushes: null,
  flushTime: null,
} as const;

/** Rates of one device between two readings. */
export interface DiskRates {
  readonly device: string;
  readonly physical: boolean;
  readonly readBytesPerSecond: number | null;
  readonly writeBytesPerSecond: number | null;
  readonly readsPerSecond: number | null;
  readonly writesPerSecond: number | null;
  /** Null before Linux 4.18. */
  readonly discardBytesPerSecond: number | null;
  readonly discardsPerSecond: number | null;
  /** Null before Linux 5.5, and for partitions. */
  readonly flushesPerSecond: number | null;
  /** Seconds that a finished read took on average, waiting included; null when none finished. */
  readonly readLatency: number | null;
  readonly writeLatency: number | null;
  readonly discardLatency: number | null;
  readonly flushLatency: number | null;
  /** The same over reads, writes and discards. */
  readonly latency: number | null;
  /** Bytes of a finished read on average; null when none finished. */
  readonly readSize: number | null;
  readonly writeSize: number | null;
  /** Share of the time with at least one request in flight, 0 to 1. */
  readonly utilization: number | null;
  /** Requests in flight on average. */
  readonly queue: number | null;
}

/** All devices, and the sum over physical ones. */
export interface DisksRates {
  readonly total: Omit<DiskRates, 'device' | 'physical'>;
  readonly devices: readonly DiskRates[];
}

type DiskNumber = keyof { [Key in keyof DiskReading as DiskReading[Key] extends number | null ? Key : never]: true };

/** How much a counter grew; null when it is not known or went back. */
function growth(before: number | null, after: number | null): number | null {
  return before === null || after === null || after < before ? null : after - before;
}

/** One number by another; null when one is not known, or the second is 0. */
function quotient(part: number | null, whole: number | null): number | null {
  return part === null || !whole ? null : part / whole;
}

/** Rates of one device, its counters read `elapsed` seconds apart. A counter that went back gives null. */
export function diskRates(before: DiskReading, after: DiskReading, elapsed: number): DiskRates {
  const grew = (key: DiskNumber): number | null => growth(before[key], after[key]);
  const rate = (key: DiskNumber): number | null => counterRate(before[key], after[key], elapsed);
  const done = [grew('reads'), grew('writes'), grew('discards')];
  const spent = [grew('readTime'), grew('writeTime'), grew('discardTime')];
  const busy = rate('ioTime');
  const discarded = rate('discardSectors');
  return {
    device: after.device,
    physical: after.physical,
    readBytesPerSecond: rate('readBytes'),
    writeBytesPerSecond: rate('writeBytes'),
    readsPerSecond: rate('reads'),
    writesPerSecond: rate('writes'),
    discardBytesPerSecond: discarded === null ? null : discarded * 512,
    discardsPerSecond: rate('discards'),
    flushesPerSecond: rate('flushes'),
    readLatency: quotient(spent[0]!, done[0]!),
    writeLatency: quotient(spent[1]!, done[1]!),
    discardLatency: quotient(spent[2]!, done[2]!),
    flushLatency: quotient(grew('flushTime'), grew('flushes')),
    latency: quotient(
      sumOf(spent, (part) => part),
      sumOf(done, (part) => part),
    ),
    readSize: quotient(grew('readBytes'), done[0]!),
    writeSize: quotient(grew('writeBytes'), done[1]!),
    utilization: busy === null ? null : Math.min(1, busy),
    queue: rate('weightedIoTime'),
  };
}

/** What is averaged over the requests of all disks, and how many requests a second those are. */
const AVERAGES = {
  readLatency: (disk: DiskRates) => disk.readsPerSecond,
  writeLatency: (disk: DiskRates) => disk.writesPerSecond,
  discardLatency: (disk: DiskRates) => disk.discardsPerSecond,
  flushLatency: (disk: DiskRates) => disk.flushesPerSecond,
  latency: (disk: DiskRates) => sumOf([disk.readsPerSecond, disk.writesPerSecond, disk.discardsPerSecond], (part) => part),
  readSize: (disk: DiskRates) => disk.readsPerSecond,
  writeSize: (disk: DiskRates) => disk.writesPerSecond,
} as const;

/** Rates of all devices that are in both readings; the total sums physical devices, its utilisation is that of the busiest. */
export function disksRates(before: readonly DiskReading[], after: readonly DiskReading[], elapsed: number): DisksRates {
  const earlier = new Map(before.map((disk) => [disk.device, disk]));
  const devices: DiskRates[] = [];
  for (const disk of after) {
    const was = earlier.get(disk.device);
    if (was && was.major === disk.major && was.minor === disk.minor) devices.push(diskRates(was, disk, elapsed));
  }
  const physical = devices.filter((disk) => disk.physical);
  const sum = (key: keyof DiskRates): number | null => sumOf(physical, (disk) => disk[key] as number | null);
  /** Each disk counts by the requests that it finished. */
  const mean = (key: keyof typeof AVERAGES): number | null => {
    const weighed = physical.filter((disk) => disk[key] !== null);
    const weight = AVERAGES[key];
    return quotient(
      sumOf(weighed, (disk) => disk[key]! * (weight(disk) ?? 0)),
      sumOf(weighed, weight),
    );
  };
  const utilizations = physical.map((disk) => disk.utilization).filter((value) => value !== null);
  return {
    devices,
    total: {
      readBytesPerSecond: sum('readBytesPerSecond'),
      writeBytesPerSecond: sum('writeBytesPerSecond'),
      readsPerSecond: sum('readsPerSecond'),
      writesPerSecond: sum('writesPerSecond'),
      discardBytesPerSecond: sum('discardBytesPerSecond'),
      discardsPerSecond: sum('discardsPerSecond'),
      flushesPerSecond: sum('flushesPerSecond'),
      readLatency: mean('readLatency'),
      writeLatency: mean('writeLatency'),
      discardLatency: mean('discardLatency'),
      flushLatency: mean('flushLatency'),
      latency: mean('latency'),
      readSize: mean('readSize'),
      writeSize: mean('writeSize'),
      utilization: utilizations.length ? Math.max(...utilizations) : null,
      queue: sum('queue'),
    },
  };
}

/** Fields of {@link DisksRates}. */
export const diskRateFields = (): readonly RateField[] => [
  ...eachPerSecond('devices[].', ['readBytes', 'writeBytes', 'reads', 'writes']),
  perSecond('devices[].discardBytesPerSecond', 'discardSectors × 512', 'bytes/second'),
  ...eachPerSecond('devices[].', ['discards', 'flushes']),
  { path: 'devices[].readLatency', unit: 'seconds', formula: 'Δ readTime / Δ reads', nullWhen: 'no read finished' },
  { path: 'devices[].writeLatency', unit: 'seconds', formula: 'Δ writeTime / Δ writes', nullWhen: 'no write finished' },
  { path: 'devices[].discardLatency', unit: 'seconds', formula: 'Δ discardTime / Δ discards', nullWhen: 'no discard finished' },
  { path: 'devices[].flushLatency', unit: 'seconds', formula: 'Δ flushTime / Δ flushes', nullWhen: 'no flush finished' },
  {
    path: 'devices[].latency',
    unit: 'seconds',
    formula: 'Δ (readTime + writeTime + discardTime) / Δ (reads + writes + discards)',
    nullWhen: 'nothing finished',
  },
  { path: 'devices[].readSize', unit: 'bytes', formula: 'Δ readBytes / Δ reads', nullWhen: 'no read finished' },
  { path: 'devices[].writeSize', unit: 'bytes', formula: 'Δ writeBytes / Δ writes', nullWhen: 'no write finished' },
  {
    path: 'devices[].utilization',
    unit: 'ratio',
    formula: 'Δ ioTime / elapsed, at most 1',
    nullWhen: 'the counter is unknown or went back',
  },
  { path: 'devices[].queue', unit: 'count', formula: 'Δ weightedIoTime / elapsed', nullWhen: 'the counter is unknown or went back' },
  {
    path: 'total',
    unit: 'none',
    formula: 'sums over physical disks; latencies and sizes weighted by the number of requests; utilization of the busiest disk',
    nullWhen: 'it is known of no disk',
  },
];

/** The sum of what is known; null when nothing is. */
export function sumOf<Row>(rows: readonly Row[], value: (row: Row) => number | null): number | null {
  let sum: number | null = null;
  for (const row of rows) {
    const part = value(row);
    if (part !== null) sum = (sum ?? 0) + part;
  }
  return sum;
}

/**
 * Devices that node_exporter does not publish by default: partitions and what the kernel makes in advance.
 * JSON has them; the Prometheus series do not, so that sums over devices in existing dashboards stay what they are.
 */
const UNPUBLISHED = /^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$/;

/** Whether node_exporter publishes a device of this name by default. */
export function isPublishedDisk(device: string): boolean {
  return !UNPUBLISHED.test(device);
}

const series = (key: DiskNumber, name: string): NonNullable<Field<DiskReading>['prometheus']> => ({
  name,
  value: (row) => (isPublishedDisk(row.device) ? row[key] : null),
});
const counter = (
  key: DiskNumber,
  unit: 'count' | 'bytes' | 'seconds',
  name: string,
  help: string,
  otel?: Field<DiskReading>['otel'],
): Field<DiskReading> => ({
  key,
  kind: 'counter',
  unit,
  help,
  prometheus: series(key, name),
  ...(otel ? { otel } : {}),
});
const io = (name: string, direction: 'read' | 'write'): Field<DiskReading>['otel'] => ({
  name,
  attributes: { 'disk.io.direction': direction },
});
const since = (field: Field<DiskReading>, kernel: string): Field<DiskReading> => ({
  ...field,
  nullWhen: `the kernel is older than ${kernel}`,
});
const whole = (field: Field<DiskReading>): Field<DiskReading> => ({
  ...field,
  nullWhen: 'it is a partition and the kernel is older than 2.6.25',
});

/** Fields of the `disk` collector. */
export const diskGroups = (): readonly Group<readonly DiskReading[]>[] => [
  group<readonly DiskReading[], DiskReading>({
    name: 'disk',
    source: '/proc/diskstats',
    rows: (reading) => reading,
    labels: { device: 'device' },
    fields: [
      { key: 'physical', kind: 'info', unit: 'none', help: 'Whether it is a disk of its own: totals sum these.' },
      counter('reads', 'count', 'node_disk_reads_completed_total', 'Reads that finished.', io('system.disk.operations', 'read')),
      whole(
        counter(
          'readsMerged',
          'count',
          'node_disk_reads_merged_total',
          'Reads merged into another before they were sent.',
          io('system.disk.merged', 'read'),
        ),
      ),
      counter('readBytes', 'bytes', 'node_disk_read_bytes_total', 'Bytes read.', io('system.disk.io', 'read')),
      whole(
        counter(
          'readTime',
          'seconds',
          'node_disk_read_time_seconds_total',
          'Time that reads took, waiting included.',
          io('system.disk.operation_time', 'read'),
        ),
      ),
      counter('writes', 'count', 'node_disk_writes_completed_total', 'Writes that finished.', io('system.disk.operations', 'write')),
      whole(
        counter(
          'writesMerged',
          'count',
          'node_disk_writes_merged_total',
          'Writes merged into another before they were sent.',
          io('system.disk.merged', 'write'),
        ),
      ),
      counter('writeBytes', 'bytes', 'node_disk_written_bytes_total', 'Bytes written.', io('system.disk.io', 'write')),
      whole(
        counter(
          'writeTime',
          'seconds',
          'node_disk_write_time_seconds_total',
          'Time that writes took, waiting included.',
          io('system.disk.operation_time', 'write'),
        ),
      ),
      whole({
        key: 'inFlight',
        kind: 'gauge',
        unit: 'count',
        help: 'Requests in flight now.',
        prometheus: series('inFlight', 'node_disk_io_now'),
      }),
      whole(
        counter('ioTime', 'seconds', 'node_disk_io_time_seconds_total', 'Time with at least one request in flight.', {
          name: 'system.disk.io_time',
        }),
      ),
      whole(counter('weightedIoTime', 'seconds', 'node_disk_io_time_weighted_seconds_total', 'Time weighted by the requests in flight.')),
      since(counter('discards', 'count', 'node_disk_discards_completed_total', 'Discards that finished.'), '4.18'),
      since(counter('discardsMerged', 'count', 'node_disk_discards_merged_total', 'Discards merged into another.'), '4.18'),
      since(counter('discardSectors', 'count', 'node_disk_discarded_sectors_total', 'Sectors of 512 bytes discarded.'), '4.18'),
      since(counter('discardTime', 'seconds', 'node_disk_discard_time_seconds_total', 'Time that discards took.'), '4.18'),
      since(counter('flushes', 'count', 'node_disk_flush_requests_total', 'Flushes that finished.'), '5.5'),
      since(counter('flushTime', 'seconds', 'node_disk_flush_requests_time_seconds_total', 'Time that flushes took.'), '5.5'),
    ],
  }),
];
