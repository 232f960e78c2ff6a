import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** What the network's soft interrupt did on one CPU (kernel: net/core/net-procfs.c, softnet_seq_show). */
export interface SoftnetReading {
  readonly cpu: number;
  /** Packets that were processed. */
  readonly processed: number;
  /** Packets dropped because the CPU's queue was full (net.core.netdev_max_backlog). */
  readonly dropped: number;
  /** How often the budget was used up with packets left (net.core.netdev_budget). */
  readonly timesSqueezed: number;
  /** Collisions on a device's lock while sending; 0 since Linux 4.8. */
  readonly collisions: number | null;
  /** How often another CPU woke this one for packets (RPS). */
  readonly receivedRps: number | null;
  /** How often the flow limit was reached. */
  readonly flowLimitReached: number | null;
  /** Packets that wait now. */
  readonly backlog: number | null;
}

const field = (
  key: keyof SoftnetReading & string,
  name: string,
  help: string,
  kind: 'counter' | 'gauge' = 'counter',
  since?: string,
): Field<SoftnetReading> => ({
  key,
  kind,
  unit: 'count',
  help,
  ...(since ? { nullWhen: `the kernel is older than Linux ${since}` } : {}),
  // node_exporter says 0 where the kernel is too old to tell.
  prometheus: { name: `node_softnet_${name}`, value: (row) => row[key] ?? 0 },
});

/** Fields of the `softnet` collector. */
export const softnetGroups = (): readonly Group<readonly SoftnetReading[]>[] => [
  group<readonly SoftnetReading[], SoftnetReading>({
    name: 'softnet',
    source: '/proc/net/softnet_stat',
    rows: (reading) => reading,
    labels: { cpu: 'cpu' },
    fields: [
      field('processed', 'processed_total', 'Packets that the CPU processed.'),
      field('dropped', 'dropped_total', "Packets dropped because the CPU's queue was full."),
      field('timesSqueezed', 'times_squeezed_total', 'How often the budget was used up with packets left.'),
      field('collisions', 'cpu_collision_total', "Collisions on a device's lock while sending.", 'counter', '2.6.36'),
      field('receivedRps', 'received_rps_total', 'How often another CPU woke this one for packets.', 'counter', '2.6.36'),
      field('flowLimitReached', 'flow_limit_count_total', 'How often the flow limit was reached.', 'counter', '3.11'),
      field('backlog', 'backlog_len', 'Packets that wait for the CPU.', 'gauge', '5.10'),
    ],
  }),
];
