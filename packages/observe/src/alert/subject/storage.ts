import type { BtrfsReading, DiskRates, NvmeReading, RaidReading, SmartReading, ZfsPool } from '@hecate/metrics';
import { flag, subject } from './subject.ts';
import type { AnySubject } from './subject.ts';

/** Disks of their own: not partitions, nor what is built of others. */
export const DISK: AnySubject = subject<DiskRates>({
  name: 'disk',
  pace: 'slow',
  rows: ({ rates }) => rates.disk?.devices.filter(({ physical }) => physical),
  objectOf: ({ device }) => device,
  readings: {
    utilization_percent: {
      unit: 'percent',
      help: 'time with a request in flight',
      value: ({ utilization }) => (utilization === null ? null : utilization * 100),
    },
    latency_seconds: { unit: 'seconds', help: 'mean time of a request', value: ({ latency }) => latency },
    read_bytes_per_second: { unit: 'bytes/second', help: 'bytes read', value: (row) => row.readBytesPerSecond },
    write_bytes_per_second: { unit: 'bytes/second', help: 'bytes written', value: (row) => row.writeBytesPerSecond },
    queue: { unit: 'count', help: 'requests in flight on average', value: ({ queue }) => queue },
  },
});

/** Linux software RAID. */
export const RAID: AnySubject = subject<RaidReading>({
  name: 'raid',
  pace: 'slow',
  rows: ({ snapshot }) => snapshot.raid,
  objectOf: ({ device }) => device,
  readings: {
    missing: {
      unit: 'count',
      help: 'components that are missing or failed',
      value: ({ degraded, required, active }) => degraded ?? (required === null || active === null ? null : required - active),
    },
  },
});

/** ZFS pools. */
export const ZFS: AnySubject = subject<ZfsPool>({
  name: 'zfs',
  pace: 'slow',
  rows: ({ snapshot }) => snapshot.zfs?.pools,
  objectOf: ({ pool }) => pool,
  readings: {
    unhealthy: { unit: 'count', help: '1 unless it is online', value: ({ state }) => flag(state === null ? null : state !== 'online') },
  },
});

const ERRORS = ['writeErrors', 'readErrors', 'flushErrors', 'corruptionErrors', 'generationErrors'] as const;

/** Mounted btrfs file systems. */
export const BTRFS: AnySubject = subject<BtrfsReading>({
  name: 'btrfs',
  pace: 'slow',
  rows: ({ snapshot }) => snapshot.btrfs,
  objectOf: ({ label, uuid }) => label || uuid,
  readings: {
    device_errors: {
      unit: 'count',
      help: 'errors of its devices since they were last reset',
      value: ({ members }) => members.reduce((sum, member) => ERRORS.reduce((all, name) => all + (member[name] ?? 0), sum), 0),
    },
    missing: { unit: 'count', help: 'devices that are missing', value: ({ members }) => members.filter(({ missing }) => missing).length },
  },
});

/** NVMe controllers. */
export const NVME: AnySubject = subject<NvmeReading>({
  name: 'nvme',
  pace: 'slow',
  rows: ({ snapshot }) => snapshot.nvme,
  objectOf: ({ device }) => device,
  readings: {
    dead: { unit: 'count', help: '1 when the controller is dead', value: ({ state }) => flag(state === null ? null : state === 'dead') },
  },
});

const HEALTH: Readonly<Record<SmartReading['health'], number | null>> = { good: 0, warning: 1, failing: 2, unknown: null };

/** Disks that say how they fare. */
export const SMART: AnySubject = subject<SmartReading>({
  name: 'smart',
  pace: 'slow',
  rows: ({ snapshot }) => snapshot.smart,
  objectOf: ({ device }) => device,
  readings: { health: { unit: 'count', help: '0 good, 1 to be watched, 2 failing', value: ({ health }) => HEALTH[health] } },
});
