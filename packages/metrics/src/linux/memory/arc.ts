import type { Bytes, Host } from '@hecate/host';
import { ByteCursor } from '../../model/cursor.ts';
import type { GapSink } from '../../model/gap.ts';
import { keepOptional } from '../optional-file.ts';

/** Statistics of the ZFS cache (OpenZFS: module/zfs/arc.c, kstat arcstats). */
export const ARCSTATS = '/proc/spl/kstat/zfs/arcstats';

/** Bytes. */
export interface ArcSizes {
  readonly size: number;
  /** The size below which ZFS gives nothing back. */
  readonly smallest: number;
}

/** The number in a line `name type value`; null where there is no such line. */
function numberOf({ buffer, length }: Bytes, name: string): number | null {
  const start = buffer.indexOf(`\n${name} `);
  if (start < 0 || start >= length) return null;
  const cursor = new ByteCursor().reset({ buffer, length });
  cursor.at = start + 1;
  cursor.skipWords(2);
  return cursor.numberNext ? cursor.integer() : null;
}

/** The sizes in arcstats; null when they are not there. */
export function parseArcSizes(bytes: Bytes): ArcSizes | null {
  const size = numberOf(bytes, 'size');
  const smallest = numberOf(bytes, 'c_min');
  return size === null || smallest === null ? null : { size, smallest };
}

/** Reads the sizes; null without ZFS. */
export function createArcReader(host: Host): { read(gaps: GapSink): ArcSizes | null; close(): void } {
  // The module can be loaded at any time.
  const file = keepOptional(host, ARCSTATS);
  return {
    read(gaps) {
      try {
        const bytes = file.read();
        return bytes && parseArcSizes(bytes);
      } catch (error) {
        gaps.addError('memory.zfsCache', error);
        return null;
      }
    },
    close: file.close,
  };
}
