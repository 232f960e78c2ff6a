import { lnstatGroups } from '../domain/lnstat.ts';
import type { CacheCounter } from '../domain/lnstat.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { netDirectory } from './net-directory.ts';
import { parseStatTable } from './stat-table.ts';
import type { StatTable } from './stat-table.ts';

/** Each counter of a table on each CPU. */
export function cacheCounters(subsystem: string, { names, rows }: StatTable): CacheCounter[] {
  return rows.flatMap((row, cpu) => names.map((name, column) => ({ subsystem, name, cpu, value: row[column]! })));
}

/** Counters of the network's caches by CPU: hundreds of numbers for experts, so only where they are asked for. */
export const lnstat: Collector<'lnstat', readonly CacheCounter[]> = {
  name: 'lnstat',
  lane: 'slow',
  onRequest: true,
  sources: ['/proc/net/stat'],
  remedy: 'Mount /proc.',
  groups: lnstatGroups,
  open(host) {
    const directory = `${netDirectory(host)}/stat`;
    const cursor = new ByteCursor();
    return {
      *read(gaps) {
        const counters: CacheCounter[] = [];
        for (const file of host.list(directory)) {
          try {
            counters.push(...cacheCounters(file, parseStatTable(cursor.reset(host.read(`${directory}/${file}`)))));
          } catch (error) {
            gaps.addError(`lnstat.${file}`, error);
          }
          yield;
        }
        return counters;
      },
      close: () => {},
    };
  },
};
