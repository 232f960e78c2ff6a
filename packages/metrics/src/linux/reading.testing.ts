import type { Host } from '@hecate/host';
import { finish, isSliced } from '../model/collector.ts';
import type { Collector, Sliced } from '../model/collector.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';

/** Opens a collector that does not wait, for a test that reads it several times. */
export function openReading<Reading>(collector: Collector<string, Reading>, host: Host): { read(): Reading; gaps: Gap[]; close(): void } {
  const reader = collector.open(host);
  const gaps: Gap[] = [];
  return {
    gaps,
    read() {
      gaps.length = 0;
      const read = reader.read(collectGaps(gaps)) as Reading | Sliced<Reading>;
      return isSliced(read) ? finish(read) : read;
    },
    close: () => reader.close(),
  };
}

/** Reads a collector once. */
export function readOnce<Reading>(collector: Collector<string, Reading>, host: Host): { reading: Reading; gaps: readonly Gap[] } {
  const opened = openReading(collector, host);
  try {
    return { reading: opened.read(), gaps: opened.gaps };
  } finally {
    opened.close();
  }
}
