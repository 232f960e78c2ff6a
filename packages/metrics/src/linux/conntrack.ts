import type { KeptFile } from '@hecate/host';
import { conntrackGroups } from '../domain/conntrack.ts';
import type { ConntrackReading } from '../domain/conntrack.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import type { GapSink } from '../model/gap.ts';
import { keepNetFile } from './net-directory.ts';
import { parseStatTable } from './stat-table.ts';
import type { StatTable } from './stat-table.ts';

type Counters = Omit<ConntrackReading, 'entries' | 'limit'>;

/** Sums over all CPUs; null where the table has no such column. */
export function sumConntrack({ names, rows }: StatTable): Counters {
  const sum = (name: string): number | null => {
    const column = names.indexOf(name);
    return column < 0 || rows.length === 0 ? null : rows.reduce((total, row) => total + row[column]!, 0);
  };
  return {
    found: sum('found'),
    invalid: sum('invalid'),
    ignored: sum('ignore'),
    inserted: sum('insert'),
    insertFailed: sum('insert_failed'),
    dropped: sum('drop'),
    earlyDropped: sum('early_drop'),
    searchRestarted: sum('search_restart'),
  };
}

const NO_COUNTERS = sumConntrack({ names: [], rows: [] });

/** Flows that the packet filter tracks: those of our own network namespace. */
export const conntrack: Collector<'conntrack', ConntrackReading> = {
  name: 'conntrack',
  lane: 'slow',
  sources: ['/proc/sys/net/netfilter/nf_conntrack_count', '/proc/sys/net/netfilter/nf_conntrack_max', '/proc/net/stat/nf_conntrack'],
  remedy: 'Connection tracking is loaded with the first firewall rule that needs it (modprobe nf_conntrack).',
  groups: conntrackGroups,
  open(host) {
    const count = host.keep('/proc/sys/net/netfilter/nf_conntrack_count');
    const limit = host.keep('/proc/sys/net/netfilter/nf_conntrack_max');
    const stat = keepNetFile(host, 'stat/nf_conntrack');
    const cursor = new ByteCursor();
    const attempt = <Value>(gaps: GapSink, field: string, read: () => Value, otherwise: Value): Value => {
      try {
        return read();
      } catch (error) {
        gaps.addError(field, error);
        return otherwise;
      }
    };
    const number = (file: KeptFile) => (): number | null => cursor.reset(file.readOnce()).integer();
    return {
      read: (gaps) => ({
        entries: attempt(gaps, 'conntrack.entries', number(count), null),
        limit: attempt(gaps, 'conntrack.limit', number(limit), null),
        ...attempt(gaps, 'conntrack.found', () => sumConntrack(parseStatTable(cursor.reset(stat.read()))), NO_COUNTERS),
      }),
      close: () => [count, limit, stat].forEach((file) => file.close()),
    };
  },
};
