import type { Host } from '@hecate/host';
import { btrfsGroups } from '../domain/btrfs.ts';
import type { BtrfsAllocation, BtrfsLayout, BtrfsMember, BtrfsReading } from '../domain/btrfs.ts';
import type { Collector, Sliced } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributesOf, listMatching } from './attribute.ts';
import { readPairs } from './storage/pairs.ts';

const FOLDER = '/sys/fs/btrfs';

/** A file system's directory is its UUID; `features` is what the kernel can do. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Sizes of block devices in /sys are in sectors of 512 bytes. */
const SECTOR = 512;

/** Layouts that there are (kernel: fs/btrfs/volumes.c, btrfs_raid_array). */
const MODES = /^(?:single|dup|raid\d+(?:c\d)?)$/;

/** Bytes on `devices` devices for each byte of content; null for a mode that we do not know or that is not possible. */
export function allocationRatio(mode: string, devices: number): number | null {
  switch (mode) {
    case 'single':
    case 'raid0':
      return 1;
    case 'dup':
    case 'raid1':
    case 'raid10':
      return 2;
    case 'raid1c3':
      return 3;
    case 'raid1c4':
      return 4;
    case 'raid5':
      return devices > 1 ? devices / (devices - 1) : null;
    case 'raid6':
      return devices > 2 ? devices / (devices - 2) : null;
    default:
      return null;
  }
}

function readAllocation(host: Host, folder: string, field: string, type: string, devices: number, gaps: GapSink): BtrfsAllocation {
  const file = attributesOf(host, folder, field, gaps);
  const layouts = listMatching(host, folder, MODES).map((mode): BtrfsLayout => ({
    mode,
    size: file.number(`${mode}/total_bytes`),
    used: file.number(`${mode}/used_bytes`),
    ratio: allocationRatio(mode, devices),
  }));
  return {
    type,
    size: file.number('total_bytes'),
    used: file.number('bytes_used'),
    diskSize: file.number('disk_total'),
    diskUsed: file.number('disk_used'),
    reserved: file.number('bytes_reserved'),
    mayUse: file.number('bytes_may_use'),
    pinned: file.number('bytes_pinned'),
    readOnly: file.number('bytes_readonly'),
    layouts,
  };
}

function readMember(host: Host, folder: string, field: string, id: string, gaps: GapSink): BtrfsMember {
  const file = attributesOf(host, folder, field, gaps);
  const flag = (name: string): boolean | null => {
    const value = file.number(name);
    return value === null ? null : value === 1;
  };
  const errors = readPairs(host, `${folder}/error_stats`, `${field}.error_stats`, gaps);
  const count = (name: string): number | null => errors.get(name) ?? null;
  return {
    id,
    missing: flag('missing'),
    writable: flag('writeable'),
    writeErrors: count('write_errs'),
    readErrors: count('read_errs'),
    flushErrors: count('flush_errs'),
    corruptionErrors: count('corruption_errs'),
    generationErrors: count('generation_errs'),
  };
}

function* readFilesystem(host: Host, uuid: string, gaps: GapSink): Sliced<BtrfsReading> {
  const folder = `${FOLDER}/${uuid}`;
  const field = `btrfs.${uuid}`;
  const file = attributesOf(host, folder, field, gaps);
  const devices = listMatching(host, `${folder}/devices`, /./).map((device) => {
    const sectors = file.number(`devices/${device}/size`);
    return { device, size: sectors === null ? null : sectors * SECTOR };
  });
  const commits = readPairs(host, `${folder}/commit_stats`, `${field}.commit_stats`, gaps);
  const milliseconds = (name: string): number | null => {
    const value = commits.get(name);
    return value === undefined ? null : value / 1000;
  };
  yield;
  const allocations: BtrfsAllocation[] = [];
  for (const type of listMatching(host, `${folder}/allocation`, /^(?:data|metadata|system|mixed)$/)) {
    allocations.push(readAllocation(host, `${folder}/allocation/${type}`, `${field}.${type}`, type, devices.length, gaps));
    yield;
  }
  const members = listMatching(host, `${folder}/devinfo`, /^\d+$/).map((id) =>
    readMember(host, `${folder}/devinfo/${id}`, `${field}.devinfo.${id}`, id, gaps),
  );
  yield;
  return {
    uuid,
    label: file.text('label') ?? '',
    globalReserve: file.number('allocation/global_rsv_size'),
    globalReserveUsed: file.number('allocation/global_rsv_reserved'),
    commits: commits.get('commits') ?? null,
    commitTime: milliseconds('total_commit_ms'),
    lastCommitTime: milliseconds('last_commit_ms'),
    longestCommitTime: milliseconds('max_commit_ms'),
    exclusiveOperation: file.text('exclusive_operation'),
    allocations,
    devices,
    members,
  };
}

/** Mounted btrfs file systems: what is allocated for what, their devices and errors. */
export const btrfs: Collector<'btrfs', readonly BtrfsReading[]> = {
  name: 'btrfs',
  lane: 'slow',
  sources: [FOLDER],
  remedy: 'Mount /sys.',
  groups: btrfsGroups,
  open: (host) => ({
    *read(gaps) {
      const readings: BtrfsReading[] = [];
      for (const uuid of listMatching(host, FOLDER, UUID)) readings.push(yield* readFilesystem(host, uuid, gaps));
      return readings;
    },
    close: () => {},
  }),
};
