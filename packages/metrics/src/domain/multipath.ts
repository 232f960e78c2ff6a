import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** One way to a disk. */
export interface MultipathPath {
  /** Kernel name of the disk that this way shows: `sdc`. */
  readonly path: string;
  /** State of its device: `running` or `offline` (SCSI), `live` (NVMe), ...; null when it has none. */
  readonly state: string | null;
}

/** A disk with several ways to it, put together by the device mapper. */
export interface MultipathReading {
  /** Kernel name: `dm-5`. */
  readonly device: string;
  /** Its name: `mpatha`. */
  readonly name: string;
  readonly uuid: string;
  /** Bytes; null when the kernel does not say. */
  readonly size: number | null;
  /** Whether its I/O flows, and is not held up. */
  readonly active: boolean;
  readonly paths: readonly MultipathPath[];
  /** Ways that work, and that do not. */
  readonly activePaths: number;
  readonly failedPaths: number;
}

const count = (key: 'activePaths' | 'failedPaths', name: string, help: string): Field<MultipathReading> => ({
  key,
  kind: 'gauge',
  unit: 'count',
  help,
  prometheus: { name },
});
type PathRow = MultipathPath & { readonly name: string };

/** Fields of the `multipath` collector. */
export const multipathGroups = (): readonly Group<readonly MultipathReading[]>[] => [
  group<readonly MultipathReading[], MultipathReading>({
    name: 'multipath',
    source: '/sys/block/dm-*',
    rows: (reading) => reading,
    labels: { device: 'name', sysfs_name: 'device' },
    fields: [
      {
        key: 'uuid',
        kind: 'info',
        unit: 'none',
        help: 'UUID of the device.',
        prometheus: { name: 'node_dmmultipath_device_info', help: 'What each multipath disk is.', properties: { uuid: 'uuid' } },
      },
      {
        key: 'active',
        kind: 'gauge',
        unit: 'none',
        help: 'Whether its I/O flows.',
        prometheus: { name: 'node_dmmultipath_device_active', help: '1 when its I/O flows, 0 when it is held up.' },
      },
      {
        key: 'size',
        kind: 'gauge',
        unit: 'bytes',
        help: 'Size of the disk.',
        nullWhen: 'the kernel does not say',
        prometheus: { name: 'node_dmmultipath_device_size_bytes' },
      },
      {
        key: 'paths',
        kind: 'gauge',
        unit: 'count',
        help: 'Ways to the disk.',
        prometheus: { name: 'node_dmmultipath_device_paths', value: (row) => row.paths.length },
      },
      count('activePaths', 'node_dmmultipath_device_paths_active', 'Ways that work.'),
      count('failedPaths', 'node_dmmultipath_device_paths_failed', 'Ways that do not work.'),
    ],
  }),
  group<readonly MultipathReading[], PathRow>({
    name: 'multipath.paths',
    json: 'multipath[].paths[]',
    source: '/sys/block/<path>/device/state',
    rows: (reading) => reading.flatMap((row) => row.paths.map((path) => ({ ...path, name: row.name }))),
    labels: { device: 'name', path: 'path' },
    fields: [
      {
        key: 'state',
        kind: 'info',
        unit: 'none',
        help: 'State of the device that this way shows.',
        nullWhen: 'it has none',
        prometheus: { name: 'node_dmmultipath_path_state', properties: { state: 'state' } },
      },
    ],
  }),
];
