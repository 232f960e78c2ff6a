import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** One counter of IPsec's transformations (kernel: Documentation/networking/xfrm_proc.rst). */
export interface XfrmCounter {
  /** As the kernel calls it: `XfrmInNoStates`. */
  readonly name: string;
  /** Packets that met this fault. */
  readonly packets: number;
}

/** `XfrmInNoStates` to `in_no_states`. */
const snake = (name: string): string =>
  name
    .replace(/^Xfrm/, '')
    .replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, '_')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, '_');

/** Fields of the `xfrm` collector. */
export const xfrmGroups = (): readonly Group<readonly XfrmCounter[]>[] => [
  group<readonly XfrmCounter[], XfrmCounter>({
    name: 'xfrm',
    source: '/proc/net/xfrm_stat',
    rows: (reading) => reading,
    fields: [],
    open: {
      pattern: 'node_xfrm_<name>_packets_total',
      kind: 'counter',
      name: (row) => `node_xfrm_${snake(row.name)}_packets_total`,
      help: (row) => `Packets of IPsec that the kernel counts as ${row.name}.`,
      value: (row) => row.packets,
    },
  }),
];
