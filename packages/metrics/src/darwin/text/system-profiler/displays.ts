import type { Answer } from '../../../linux/storage/json.ts';
import { bytesOf } from '../decimal.ts';
import { numberOf, wordOf } from './word.ts';

/** A graphics processor. Null: not told. */
export interface ProfilerGpu {
  /** `Apple M2 Pro`, `AMD Radeon Pro 5500M`. */
  readonly name: string | null;
  /** `Apple`, `AMD`, `Intel`. */
  readonly vendor: string | null;
  /** Cores: of Apple's only. */
  readonly cores: number | null;
  /** Bytes of its own memory, or of that which it may take; null on Apple silicon, where memory is shared. */
  readonly memory: number | null;
  /** `metal3`, `metal4`. */
  readonly metal: string | null;
  /** `builtin`, `pcie_device`. */
  readonly bus: string | null;
  /** Names of the displays at it. */
  readonly displays: readonly string[];
}

/** The part SPDisplaysDataType; none in most virtual machines. */
export function gpusOf(rows: readonly Answer[]): ProfilerGpu[] {
  return rows.map((row) => ({
    name: wordOf(row, 'sppci_model') ?? wordOf(row, '_name'),
    // `sppci_vendor_Apple`, `sppci_vendor_amd`, `Intel`, `AMD (0x1002)`.
    vendor: wordOf(row, 'spdisplays_vendor', 'sppci_vendor_')?.replace(/\s*\(0x[0-9a-fA-F]+\)$/, '') ?? null,
    cores: numberOf(row, 'sppci_cores'),
    memory: bytesOf(row.text('spdisplays_vram')) ?? bytesOf(row.text('spdisplays_vram_shared')),
    metal: wordOf(row, 'spdisplays_mtlgpufamilysupport', 'spdisplays_') ?? wordOf(row, 'spdisplays_metal', 'spdisplays_'),
    bus: wordOf(row, 'sppci_bus', 'spdisplays_'),
    displays: row.list('spdisplays_ndrvs').flatMap((display) => wordOf(display, '_name') ?? []),
  }));
}
