import type { Answer } from '../../../linux/storage/json.ts';
import { bytesOf, countOf } from '../decimal.ts';
import { numberOf, wordOf } from './word.ts';

/** Cores as system_profiler counts them. Null: not told. */
export interface ProfilerCores {
  readonly total: number | null;
  /** The strongest ones: performance, or super from M5 on; null on Intel, where all are alike. */
  readonly strongest: number | null;
  readonly efficiency: number | null;
  /** Those between, where there are three kinds (macOS 26). */
  readonly middle: number | null;
}

/** What the machine is. Serial numbers are not read. */
export interface ProfilerHardware {
  /** `MacBook Pro`. */
  readonly name: string | null;
  /** `Mac14,9`. */
  readonly model: string | null;
  /** `Apple M2 Pro`; the name of Intel's processor. */
  readonly processor: string | null;
  readonly cores: ProfilerCores;
  /** Bytes. */
  readonly memory: number | null;
}

/** `proc 10:6:4` is total, performance, efficiency (to macOS 15); `proc 18:6:0:12` total, strongest, efficiency, middle (macOS 26); Intel says 8. */
function coresOf(row: Answer): ProfilerCores {
  const plain = numberOf(row, 'number_processors');
  if (plain !== null) return { total: plain, strongest: null, efficiency: null, middle: null };
  const [, list] = /^proc (\d+(?::\d+){2,3})$/.exec(row.text('number_processors') ?? '') ?? [];
  const [total, strongest, efficiency, middle] = (list ?? '').split(':').map(countOf);
  return { total: total ?? null, strongest: strongest ?? null, efficiency: efficiency ?? null, middle: middle ?? null };
}

/** The part SPHardwareDataType; null where it is empty. */
export function hardwareOf(rows: readonly Answer[]): ProfilerHardware | null {
  const [row] = rows;
  if (!row) return null;
  return {
    name: wordOf(row, 'machine_name'),
    model: wordOf(row, 'machine_model'),
    processor: wordOf(row, 'chip_type') ?? wordOf(row, 'cpu_type'),
    cores: coresOf(row),
    memory: bytesOf(row.text('physical_memory')),
  };
}
