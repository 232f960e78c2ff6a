import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** What an array does to get in step: how far it is. */
export interface RaidSync {
  /** `recovery`, `resync`, `check` or `reshape`. */
  readonly action: string;
  /** Whether it waits for its turn (DELAYED), for the first write (PENDING) or for another machine (REMOTE). */
  readonly waiting: boolean;
  /** Bytes of each component that are done; 0 while it waits. */
  readonly done: number;
  /** Bytes of each component in all; null while it waits. */
  readonly total: number | null;
  /** Seconds that the kernel thinks it will take; null while it waits. */
  readonly remaining: number | null;
  /** Bytes per second; null while it waits. */
  readonly speed: number | null;
}

/** One component of an array. */
export interface RaidComponent {
  /** Kernel name of the disk or partition: `sda1`. */
  readonly component: string;
  /** Its place in the array; null for a spare, a failed one, and where only /proc is known. */
  readonly slot: number | null;
  /** `in_sync`, `spare`, `faulty`, `write_mostly`, `journal`, `replacement`, ... (kernel: Documentation/admin-guide/md.rst). */
  readonly states: readonly string[];
  /** Read errors that were corrected; null where the kernel does not say. */
  readonly errors: number | null;
}

/** One array of Linux software RAID (md). What only /proc/mdstat or only /sys says is null where that is missing. */
export interface RaidReading {
  /** Kernel name: `md0`. */
  readonly device: string;
  /** `raid1`, `linear`; null for an inactive array and a container. */
  readonly level: string | null;
  /** `active` or `inactive`, as /proc/mdstat says; null when it does not list the array. */
  readonly activity: string | null;
  /** `clean`, `active`, `readonly`, ... as /sys says. */
  readonly arrayState: string | null;
  /** `no`, `yes`, or `auto` (until the first write); null when /proc/mdstat does not list it. */
  readonly readOnly: 'no' | 'yes' | 'auto' | null;
  /** Format of the metadata: `1.2`, `external:imsm`. */
  readonly metadata: string | null;
  readonly uuid: string | null;
  /** Bytes. */
  readonly size: number | null;
  /** Bytes. */
  readonly chunkSize: number | null;
  /** Components that it needs; 0 for an inactive one. */
  readonly required: number | null;
  /** Components that work. */
  readonly active: number | null;
  readonly failed: number | null;
  readonly spare: number | null;
  /** Components that it is to have, as /sys says. */
  readonly members: number | null;
  /** Components that are missing; null for levels without redundancy. */
  readonly degraded: number | null;
  /** Sectors of 512 bytes that differed in the last check; null for levels without redundancy. */
  readonly mismatches: number | null;
  /** What it was told to do last: `idle`, `check`, `repair`; null for levels without redundancy. */
  readonly syncAction: string | null;
  /** Null when nothing runs. */
  readonly sync: RaidSync | null;
  readonly components: readonly RaidComponent[];
}

const UNLISTED = '/proc/mdstat does not list the array';
const NO_REDUNDANCY = 'its level has no redundancy, or /sys is not there';

const text = (key: keyof RaidReading, help: string, nullWhen: string): Field<RaidReading> => ({
  key,
  kind: 'info',
  unit: 'none',
  help,
  nullWhen,
});
const count = (
  key: keyof RaidReading,
  help: string,
  nullWhen: string,
  prometheus: NonNullable<Field<RaidReading>['prometheus']>,
): Field<RaidReading> => ({ key, kind: 'gauge', unit: 'count', help, nullWhen, prometheus });
const disks = (key: 'active' | 'failed' | 'spare', help: string): Field<RaidReading> =>
  count(key, help, UNLISTED, { name: 'node_md_disks', labels: { state: key }, help: 'Components by state.' });

/** One sample of the state of an array: 1 when it is this one, as node_exporter tells them apart. */
const state = (name: string, isIt: (row: RaidReading) => boolean): Field<RaidReading> => ({
  key: 'activity',
  kind: 'gauge',
  unit: 'none',
  help: 'Whether the array is active or inactive.',
  nullWhen: UNLISTED,
  prometheus: {
    name: 'node_md_state',
    help: 'What the array does: one of them is 1; none while it reshapes.',
    labels: { state: name },
    value: (row) => (row.activity === null ? null : Number(isIt(row))),
  },
});
const doing =
  (action: string) =>
  (row: RaidReading): boolean =>
    row.sync?.action === action;

type SyncRow = RaidSync & { readonly device: string };
type ComponentRow = RaidComponent & { readonly device: string; readonly state: string };
const sync = (
  key: 'done' | 'total' | 'remaining' | 'speed',
  unit: Field<SyncRow>['unit'],
  name: string,
  help: string,
  nullWhen?: string,
): Field<SyncRow> => ({ key, kind: 'gauge', unit, help, ...(nullWhen ? { nullWhen } : {}), prometheus: { name } });

/** Fields of the `raid` collector. */
export const raidGroups = (): readonly Group<readonly RaidReading[]>[] => [
  group<readonly RaidReading[], RaidReading>({
    name: 'raid',
    source: '/proc/mdstat, /sys/block/md*/md',
    rows: (reading) => reading,
    labels: { device: 'device' },
    fields: [
      {
        ...text('level', 'Level of the array, such as raid1.', 'it is inactive, or a container'),
        prometheus: {
          name: 'hecate_md_info',
          help: 'What each array is.',
          value: () => 1,
          properties: { level: 'level', metadata: 'metadata', uuid: 'uuid', array_state: 'arrayState', read_only: 'readOnly' },
        },
      },
      state('active', (row) => row.activity === 'active' && row.sync === null),
      state('inactive', (row) => row.activity === 'inactive' && row.sync === null),
      state('recovering', doing('recovery')),
      state('resync', doing('resync')),
      state('check', doing('check')),
      text('arrayState', 'State of the array as /sys says it.', '/sys is not there'),
      text('readOnly', 'Whether it can be written: no, yes, or auto until the first write.', UNLISTED),
      text('metadata', 'Format of its metadata.', 'it has none'),
      text('uuid', 'UUID of the array.', 'the kernel does not say'),
      {
        key: 'size',
        kind: 'gauge',
        unit: 'bytes',
        help: 'Size of the array.',
        nullWhen: UNLISTED,
        prometheus: {
          name: 'node_md_blocks',
          help: 'Size of the array in blocks of 1024 bytes.',
          value: (row) => (row.size === null ? null : row.size / 1024),
        },
        otel: { name: 'hw.logical_disk.limit' },
      },
      {
        key: 'sync',
        kind: 'gauge',
        unit: 'none',
        help: 'What it does to get in step.',
        nullWhen: 'nothing runs',
        prometheus: {
          name: 'node_md_blocks_synced',
          help: 'Blocks of 1024 bytes in step: those of a component that are done, or all of the array when nothing runs.',
          value: (row) => (row.size === null ? null : (row.sync ? row.sync.done : row.size) / 1024),
        },
      },
      { key: 'chunkSize', kind: 'gauge', unit: 'bytes', help: 'Size of a chunk.', nullWhen: 'its level has none, or /sys is not there' },
      count('required', 'Components that the array needs.', UNLISTED, { name: 'node_md_disks_required' }),
      disks('active', 'Components that work.'),
      disks('failed', 'Components that failed.'),
      disks('spare', 'Spare components.'),
      count('members', 'Components that it is to have.', '/sys is not there, or it is a container', { name: 'node_md_raid_disks' }),
      count('degraded', 'Components that are missing.', NO_REDUNDANCY, {
        name: 'node_md_degraded',
        value: (row) => (row.members === null ? row.degraded : (row.degraded ?? 0)),
      }),
      count('mismatches', 'Sectors of 512 bytes that differed in the last check.', NO_REDUNDANCY, { name: 'hecate_md_mismatch_sectors' }),
      text('syncAction', 'What it was told to do last.', NO_REDUNDANCY),
    ],
  }),
  group<readonly RaidReading[], SyncRow>({
    name: 'raid.sync',
    json: 'raid[].sync',
    source: '/proc/mdstat',
    rows: (reading) => reading.flatMap((row) => (row.sync ? [{ ...row.sync, device: row.device }] : [])),
    labels: { device: 'device', action: 'action' },
    fields: [
      sync('done', 'bytes', 'hecate_md_sync_done_bytes', 'Bytes of each component that are done.'),
      sync('total', 'bytes', 'hecate_md_sync_total_bytes', 'Bytes of each component in all.', 'it waits'),
      sync('remaining', 'seconds', 'hecate_md_sync_remaining_seconds', 'Time that the kernel thinks it will take.', 'it waits'),
      sync('speed', 'bytes/second', 'hecate_md_sync_bytes_per_second', 'Speed of the work.', 'it waits'),
    ],
  }),
  group<readonly RaidReading[], ComponentRow>({
    name: 'raid.components',
    json: 'raid[].components[]',
    source: '/sys/block/md*/md/dev-*',
    rows: (reading) =>
      reading.flatMap((row) => row.components.map((part) => ({ ...part, device: row.device, state: part.states.join(',') }))),
    labels: { device: 'device', component: 'component' },
    fields: [
      {
        key: 'states',
        kind: 'info',
        unit: 'none',
        help: 'States of the component.',
        prometheus: { name: 'hecate_md_component_info', value: () => 1, properties: { state: 'state' } },
      },
      {
        key: 'errors',
        kind: 'gauge',
        unit: 'count',
        help: 'Read errors of the component that were corrected.',
        nullWhen: 'the kernel does not say',
        prometheus: { name: 'hecate_md_component_errors' },
      },
      {
        key: 'slot',
        kind: 'gauge',
        unit: 'none',
        help: 'Place of the component in the array.',
        nullWhen: 'it is a spare or failed, or /sys is not there',
      },
    ],
  }),
];
