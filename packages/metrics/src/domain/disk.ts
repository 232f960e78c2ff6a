import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
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
  readonly readsMerged: number;
  readonly readBytes: number;
  /** Seconds that reads took, waiting included; parallel reads add up. */
  readonly readTime: number;
  readonly writes: number;
  readonly writesMerged: number;
  readonly writeBytes: number;
  readonly writeTime: number;
  /** Requests in flight now. */
  readonly inFlight: number;
  /** Seconds with at least one request in flight. */
  readonly ioTime: number;
  /** Seconds of `ioTime` weighted by the requests in flight. */
  readonly weightedIoTime: number;
  readonly discards: number | null;
  readonly discardsMerged: number | null;
  readonly discardSectors: number | null;
  readonly discardTime: number | null;
  readonly flushes: number | null;
  readonly flushTime: number | null;
}

/** Rates of one device between two readings. */
export interface DiskRates {
  readonly device: string;
  readonly physical: boolean;
  readonly readBytesPerSecond: number | null;
  readonly writeBytesPerSecond: number | null;
  readonly readsPerSecond: number | null;
  readonly writesPerSecond: number | null;
  /** Seconds that a finished read took on average; null when none finished. */
  readonly readLatency: number | null;
  readonly writeLatency: number | null;
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

/** Rates of one device, its counters read `elapsed` seconds apart. A counter that went back gives null. */
export function diskRates(before: DiskReading, after: DiskReading, elapsed: number): DiskRates {
  const rate = (key: 'readBytes' | 'writeBytes' | 'reads' | 'writes' | 'ioTime' | 'weightedIoTime'): number | null =>
    counterRate(before[key], after[key], elapsed);
  const latency = (time: 'readTime' | 'writeTime', count: 'reads' | 'writes'): number | null => {
    const done = after[count] - before[count];
    const spent = after[time] - before[time];
    return done > 0 && spent >= 0 ? spent / done : null;
  };
  const busy = rate('ioTime');
  return {
    device: after.device, physical: after.physical,
    readBytesPerSecond: rate('readBytes'), writeBytesPerSecond: rate('writeBytes'),
    readsPerSecond: rate('reads'), writesPerSecond: rate('writes'),
    readLatency: latency('readTime', 'reads'), writeLatency: latency('writeTime', 'writes'),
    utilization: busy === null ? null : Math.min(1, busy), queue: rate('weightedIoTime'),
  };
}

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
  const mean = (latency: 'readLatency' | 'writeLatency', rate: 'readsPerSecond' | 'writesPerSecond'): number | null => {
    const count = sum(rate);
    const spent = sumOf(physical, (disk) => (disk[latency] === null || disk[rate] === null ? null : disk[latency] * disk[rate]));
    return count && spent !== null ? spent / count : null;
  };
  const utilizations = physical.map((disk) => disk.utilization).filter((value) => value !== null);
  return {
    devices,
    total: {
      readBytesPerSecond: sum('readBytesPerSecond'), writeBytesPerSecond: sum('writeBytesPerSecond'),
      readsPerSecond: sum('readsPerSecond'), writesPerSecond: sum('writesPerSecond'),
      readLatency: mean('readLatency', 'readsPerSecond'), writeLatency: mean('writeLatency', 'writesPerSecond'),
      utilization: utilizations.length ? Math.max(...utilizations) : null, queue: sum('queue'),
    },
  };
}

/** The sum of what is known; null when nothing is. */
export function sumOf<Row>(rows: readonly Row[], value: (row: Row) => number | null): number | null {
  let sum: number | null = null;
  for (const row of rows) {
    const part = value(row);
    if (part !== null) sum = (sum ?? 0) + part;
  }
  return sum;
}

const counter = (key: keyof DiskReading & string, unit: 'count' | 'bytes' | 'seconds', name: string, help: string, otel?: Field<DiskReading>['otel']): Field<DiskReading> => ({
  key, kind: 'counter', unit, help, prometheus: { name }, ...(otel ? { otel } : {}),
});
const io = (name: string, direction: 'read' | 'write'): Field<DiskReading>['otel'] => ({ name, attributes: { 'disk.io.direction': direction } });
const since = (field: Field<DiskReading>, kernel: string): Field<DiskReading> => ({ ...field, nullWhen: `the kernel is older than ${kernel}` });

/** Fields of the `disk` collector. */
export const diskGroups: readonly Group<readonly DiskReading[]>[] = [
  group<readonly DiskReading[], DiskReading>({
    name: 'disk', source: '/proc/diskstats', rows: (reading) => reading, labels: { device: 'device' },
    fields: [
      counter('reads', 'count', 'node_disk_reads_completed_total', 'Reads that finished.', io('system.disk.operations', 'read')),
      counter('readsMerged', 'count', 'node_disk_reads_merged_total', 'Reads merged into another before they were sent.', io('system.disk.merged', 'read')),
      counter('readBytes', 'bytes', 'node_disk_read_bytes_total', 'Bytes read.', io('system.disk.io', 'read')),
      counter('readTime', 'seconds', 'node_disk_read_time_seconds_total', 'Time that reads took, waiting included.', io('system.disk.operation_time', 'read')),
      counter('writes', 'count', 'node_disk_writes_completed_total', 'Writes that finished.', io('system.disk.operations', 'write')),
      counter('writesMerged', 'count', 'node_disk_writes_merged_total', 'Writes merged into another before they were sent.', io('system.disk.merged', 'write')),
      counter('writeBytes', 'bytes', 'node_disk_written_bytes_total', 'Bytes written.', io('system.disk.io', 'write')),
      counter('writeTime', 'seconds', 'node_disk_write_time_seconds_total', 'Time that writes took, waiting included.', io('system.disk.operation_time', 'write')),
      { key: 'inFlight', kind: 'gauge', unit: 'count', help: 'Requests in flight now.', prometheus: { name: 'node_disk_io_now' } },
      counter('ioTime', 'seconds', 'node_disk_io_time_seconds_total', 'Time with at least one request in flight.', { name: 'system.disk.io_time' }),
      counter('weightedIoTime', 'seconds', 'node_disk_io_time_weighted_seconds_total', 'Time weighted by the requests in flight.'),
      since(counter('discards', 'count', 'node_disk_discards_completed_total', 'Discards that finished.'), '4.18'),
      since(counter('discardsMerged', 'count', 'node_disk_discards_merged_total', 'Discards merged into another.'), '4.18'),
      since(counter('discardSectors', 'count', 'node_disk_discarded_sectors_total', 'Sectors of 512 bytes discarded.'), '4.18'),
      since(counter('discardTime', 'seconds', 'node_disk_discard_time_seconds_total', 'Time that discards took.'), '4.18'),
      since(counter('flushes', 'count', 'node_disk_flush_requests_total', 'Flushes that finished.'), '5.5'),
      since(counter('flushTime', 'seconds', 'node_disk_flush_requests_time_seconds_total', 'Time that flushes took.'), '5.5'),
    ],
  }),
];
