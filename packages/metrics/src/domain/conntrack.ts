import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** Connection tracking of the packet filter (kernel: Documentation/networking/nf_conntrack-sysctl.rst). Null where it is not loaded. */
export interface ConntrackReading {
  /** Flows that are tracked now. */
  readonly entries: number | null;
  /** As many may be tracked; beyond, packets of new flows are dropped. */
  readonly limit: number | null;
  /** Entries that were searched for and found. */
  readonly found: number | null;
  /** Packets that could not be tracked. */
  readonly invalid: number | null;
  /** Packets that were known already; null since Linux 5.10, which no longer counts them. */
  readonly ignored: number | null;
  readonly inserted: number | null;
  readonly insertFailed: number | null;
  /** Packets dropped because tracking failed, a full table above all. */
  readonly dropped: number | null;
  /** Entries given up early to make room. */
  readonly earlyDropped: number | null;
  /** Look-ups that started over because the table was resized. */
  readonly searchRestarted: number | null;
}

const counter = (key: keyof ConntrackReading & string, name: string, help: string): Field<ConntrackReading> => ({
  key,
  // A counter; node_exporter calls it a gauge, and so must whoever takes its place.
  kind: 'gauge',
  unit: 'count',
  help,
  nullWhen: 'connection tracking is not loaded, or this kernel does not count it',
  prometheus: { name: `node_nf_conntrack_stat_${name}` },
});

/** Fields of {@link ConntrackReading}. */
export const conntrackGroups = (): readonly Group<ConntrackReading>[] => [
  group<ConntrackReading, ConntrackReading>({
    name: 'conntrack',
    source: '/proc/sys/net/netfilter/nf_conntrack_*, /proc/net/stat/nf_conntrack',
    rows: (reading) => [reading],
    fields: [
      {
        key: 'entries',
        kind: 'gauge',
        unit: 'count',
        help: 'Flows that are tracked now.',
        nullWhen: 'connection tracking is not loaded',
        prometheus: { name: 'node_nf_conntrack_entries' },
      },
      {
        key: 'limit',
        kind: 'gauge',
        unit: 'count',
        help: 'How many flows may be tracked.',
        nullWhen: 'connection tracking is not loaded',
        prometheus: { name: 'node_nf_conntrack_entries_limit' },
      },
      counter('found', 'found', 'Entries that were searched for and found.'),
      counter('invalid', 'invalid', 'Packets that could not be tracked.'),
      counter('ignored', 'ignore', 'Packets that belonged to a tracked flow already.'),
      counter('inserted', 'insert', 'Entries that were inserted.'),
      counter('insertFailed', 'insert_failed', 'Entries that could not be inserted.'),
      counter('dropped', 'drop', 'Packets dropped because tracking failed, a full table above all.'),
      counter('earlyDropped', 'early_drop', 'Entries given up early to make room for new ones.'),
      counter('searchRestarted', 'search_restart', 'Look-ups that started over because the table was resized.'),
    ],
  }),
];
