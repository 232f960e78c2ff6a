import { loadGroups } from '../domain/load.ts';
import type { LoadReading } from '../domain/load.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';

/** /proc/loadavg: `0.21 0.37 0.39 1/719 19737`. Throws FAILED on anything else. */
export function parseLoadavg(cursor: ByteCursor): LoadReading {
  const load1 = cursor.decimal();
  const load5 = cursor.decimal();
  const load15 = cursor.decimal();
  if (cursor.lineDone) return { load1, load5, load15, runnable: null, threads: null };
  const runnable = cursor.integer();
  return { load1, load5, load15, runnable, threads: cursor.match('/') ? cursor.integer() : null };
}

/** Load averages. */
export const load: Collector<'load', LoadReading> = {
  name: 'load',
  lane: 'fast',
  sources: ['/proc/loadavg'],
  remedy: 'Mount /proc.',
  groups: loadGroups,
  open(host) {
    const file = host.keep('/proc/loadavg');
    const cursor = new ByteCursor();
    return { read: () => parseLoadavg(cursor.reset(file.readOnce())), close: file.close };
  },
};
