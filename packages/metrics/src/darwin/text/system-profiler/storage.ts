import type { Answer } from '../../../linux/storage/json.ts';
import { flagOf, numberOf, wordOf } from './word.ts';

/** A mounted volume. Null: not told. */
export interface ProfilerVolume {
  readonly name: string | null;
  /** `disk3s5`. */
  readonly device: string | null;
  readonly mountpoint: string | null;
  /** `APFS`. */
  readonly fstype: string | null;
  /** Bytes. */
  readonly size: number | null;
  readonly free: number | null;
  readonly isWritable: boolean | null;
  /** The drive below it: its name, `ssd` or `rotational`, how it is reached, whether it lies in the machine. */
  readonly drive: string | null;
  readonly medium: string | null;
  readonly protocol: string | null;
  readonly isInternal: boolean | null;
}

/** The part SPStorageDataType. */
export function volumesOf(rows: readonly Answer[]): ProfilerVolume[] {
  return rows.map((row) => ({
    name: wordOf(row, '_name'),
    device: wordOf(row, 'bsd_name'),
    mountpoint: wordOf(row, 'mount_point'),
    fstype: wordOf(row, 'file_system'),
    size: numberOf(row, 'size_in_bytes'),
    free: numberOf(row, 'free_space_in_bytes'),
    isWritable: flagOf(row, 'writable'),
    drive: wordOf(row, 'physical_drive.device_name'),
    medium: wordOf(row, 'physical_drive.medium_type'),
    protocol: wordOf(row, 'physical_drive.protocol'),
    isInternal: flagOf(row, 'physical_drive.is_internal_disk'),
  }));
}

/** An NVMe drive. Null: not told. Serial numbers are not read. */
export interface ProfilerDrive {
  /** `disk0`. */
  readonly device: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  /** Bytes. */
  readonly size: number | null;
  /** What the drive says of itself in all; null too where it is not asked (`Not Supported`). */
  readonly passed: boolean | null;
  readonly trim: boolean | null;
  /** Lanes, and transfers per second of each; Apple's own drives do not tell. */
  readonly lanes: number | null;
  readonly laneRate: number | null;
}

const VERDICTS: Readonly<Record<string, boolean>> = { verified: true, failing: false };

/** `x4` and `8.0 GT/s`. */
const lanesOf = (row: Answer): number | null => Number(/^x(\d+)$/.exec(row.text('spnvme_linkwidth') ?? '')?.[1]) || null;
const laneRateOf = (row: Answer): number | null => Number(/^([\d.]+) GT\/s$/.exec(row.text('spnvme_linkspeed') ?? '')?.[1]) * 1e9 || null;

/** The part SPNVMeDataType: the drives of every controller. */
export function drivesOf(controllers: readonly Answer[]): ProfilerDrive[] {
  return controllers
    .flatMap((controller) => controller.list('_items'))
    .map((row) => ({
      device: wordOf(row, 'bsd_name'),
      model: wordOf(row, 'device_model') ?? wordOf(row, '_name'),
      firmware: wordOf(row, 'device_revision'),
      size: numberOf(row, 'size_in_bytes'),
      passed: VERDICTS[(wordOf(row, 'smart_status') ?? wordOf(row, 'spnvme_smart_status') ?? '').toLowerCase()] ?? null,
      trim: flagOf(row, 'spnvme_trim_support'),
      lanes: lanesOf(row),
      laneRate: laneRateOf(row),
    }));
}
