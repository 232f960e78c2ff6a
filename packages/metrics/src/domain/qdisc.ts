import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** A queueing discipline: how packets wait for an interface (tc(8); kernel: linux/pkt_sched.h, linux/gen_stats.h). */
export interface QdiscReading {
  readonly device: string;
  /** `fq_codel`, `mq`, `noqueue`, … */
  readonly kind: string;
  /** `8001:`, as `tc` writes it. */
  readonly handle: string;
  /** `root`, `ingress`, or the class that it hangs below: `8001:1`. */
  readonly parent: string;
  /** Bytes sent. */
  readonly bytes: number;
  readonly packets: number;
  readonly drops: number;
  /** Packets that were sent back into the queue. */
  readonly requeues: number;
  /** How often a limit held packets back. */
  readonly overlimits: number;
  /** Packets that wait now. */
  readonly queueLength: number;
  /** Bytes that wait now. */
  readonly backlog: number;
}

const field = (
  key: keyof QdiscReading & string,
  name: string,
  unit: 'count' | 'bytes',
  kind: 'counter' | 'gauge',
  help: string,
): Field<QdiscReading> => ({ key, kind, unit, help, prometheus: { name: `node_qdisc_${name}` } });

/** Fields of the `qdisc` collector. As node_exporter does, only the root of each interface is published: it sums what is below. */
export const qdiscGroups = (): readonly Group<readonly QdiscReading[]>[] => [
  group<readonly QdiscReading[], QdiscReading>({
    name: 'qdisc',
    json: 'qdisc[]',
    source: 'rtnetlink RTM_GETQDISC',
    rows: (reading) => reading.filter((row) => row.parent === 'root'),
    labels: { device: 'device', kind: 'kind' },
    fields: [
      field('bytes', 'bytes_total', 'bytes', 'counter', 'Bytes sent.'),
      field('packets', 'packets_total', 'count', 'counter', 'Packets sent.'),
      field('drops', 'drops_total', 'count', 'counter', 'Packets dropped.'),
      field('requeues', 'requeues_total', 'count', 'counter', 'Packets that were sent back into the queue.'),
      field('overlimits', 'overlimits_total', 'count', 'counter', 'How often a limit held packets back.'),
      field('queueLength', 'current_queue_length', 'count', 'gauge', 'Packets that wait to be sent.'),
      field('backlog', 'backlog', 'bytes', 'gauge', 'Bytes that wait to be sent.'),
    ],
  }),
];
