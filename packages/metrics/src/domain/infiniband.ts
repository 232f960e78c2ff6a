import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** One port of an InfiniBand or RDMA adapter. Null: the driver does not say. */
export interface InfinibandPort {
  /** `1`. */
  readonly port: string;
  /** `ACTIVE`, `DOWN`, `INIT`, ... and the number of that. */
  readonly state: string | null;
  readonly stateId: number | null;
  /** `LinkUp`, `Polling`, ... and the number of that. */
  readonly physicalState: string | null;
  readonly physicalStateId: number | null;
  /** `InfiniBand` or `Ethernet`. */
  readonly linkLayer: string | null;
  /** Bytes per second. */
  readonly rate: number | null;
  /** Counters by node_exporter's names: `port_data_received_bytes`, `link_downed`. */
  readonly counters: Readonly<Record<string, number>>;
}

/** One InfiniBand or RDMA adapter. */
export interface InfinibandReading {
  /** Kernel name: `mlx5_0`. */
  readonly device: string;
  readonly board: string | null;
  readonly firmware: string | null;
  readonly adapterType: string | null;
  readonly ports: readonly InfinibandPort[];
}

type PortRow = InfinibandPort & { readonly device: string };
interface CounterRow {
  readonly device: string;
  readonly port: string;
  readonly name: string;
  readonly value: number;
}
const SILENT = 'the driver does not say';
const ports = (reading: readonly InfinibandReading[]): PortRow[] =>
  reading.flatMap(({ device, ports: own }) => own.map((port) => ({ ...port, device })));

/** Fields of the `infiniband` collector. */
export const infinibandGroups = (): readonly Group<readonly InfinibandReading[]>[] => [
  group<readonly InfinibandReading[], InfinibandReading>({
    name: 'infiniband',
    source: '/sys/class/infiniband',
    rows: (reading) => reading,
    labels: { device: 'device' },
    fields: [
      {
        key: 'adapterType',
        kind: 'info',
        unit: 'none',
        help: 'Type of the adapter.',
        nullWhen: SILENT,
        prometheus: {
          name: 'node_infiniband_info',
          help: 'What each adapter is.',
          value: () => 1,
          properties: { board_id: 'board', firmware_version: 'firmware', hca_type: 'adapterType' },
        },
      },
      { key: 'board', kind: 'info', unit: 'none', help: 'Name of the board.', nullWhen: SILENT },
      { key: 'firmware', kind: 'info', unit: 'none', help: 'Revision of the firmware.', nullWhen: SILENT },
    ],
  }),
  group<readonly InfinibandReading[], PortRow>({
    name: 'infiniband.ports',
    json: 'infiniband[].ports[]',
    source: '/sys/class/infiniband/*/ports/*',
    rows: ports,
    labels: { device: 'device', port: 'port' },
    fields: [
      {
        key: 'stateId',
        kind: 'gauge',
        unit: 'none',
        help: 'State of the port: 4 is active.',
        nullWhen: SILENT,
        prometheus: { name: 'node_infiniband_state_id' },
      },
      {
        key: 'physicalStateId',
        kind: 'gauge',
        unit: 'none',
        help: 'State of the link: 5 is up.',
        nullWhen: SILENT,
        prometheus: { name: 'node_infiniband_physical_state_id' },
      },
      {
        key: 'rate',
        kind: 'gauge',
        unit: 'bytes/second',
        help: 'Speed of the link.',
        nullWhen: SILENT,
        prometheus: { name: 'node_infiniband_rate_bytes_per_second' },
      },
    ],
  }),
  group<readonly InfinibandReading[], CounterRow>({
    name: 'infiniband.counters',
    source: '/sys/class/infiniband/*/ports/*/counters',
    rows: (reading) =>
      ports(reading).flatMap(({ device, port, counters }) =>
        Object.entries(counters).map(([name, value]) => ({ device, port, name, value })),
      ),
    labels: { device: 'device', port: 'port' },
    fields: [],
    open: {
      pattern: 'node_infiniband_<counter>_total',
      name: (row) => `node_infiniband_${row.name}_total`,
      help: (row) => `InfiniBand: ${row.name.replaceAll('_', ' ')}.`,
      value: (row) => row.value,
      kind: 'counter',
    },
  }),
];
