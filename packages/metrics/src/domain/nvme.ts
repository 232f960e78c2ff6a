import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** One namespace as one controller sees it. */
export interface NvmeNamespace {
  /** Kernel name: `nvme0n1`; `nvme0c1n1` for one path of a namespace with several controllers. */
  readonly namespace: string;
  /** Its number in the name: `1`. */
  readonly id: string;
  /** Bytes. Null: the kernel does not say; so for all nulls here. */
  readonly size: number | null;
  /** Bytes that are allocated; drives that do not count say that all are. */
  readonly used: number | null;
  /** Bytes of a logical block. */
  readonly blockSize: number | null;
  /** State of this path: `optimized`, `non-optimized`, `inaccessible`, ...; null where the drive has one path. */
  readonly anaState: string | null;
}

/** One NVMe controller. Null: the kernel does not say. */
export interface NvmeReading {
  /** Kernel name: `nvme0`. */
  readonly device: string;
  readonly model: string | null;
  readonly serial: string | null;
  /** Revision of the firmware. */
  readonly firmware: string | null;
  /** `new`, `live`, `resetting`, `connecting`, `deleting`, `dead`. */
  readonly state: string | null;
  readonly controllerId: number | null;
  /** `pcie`, `tcp`, `rdma`, `fc`, `loop`, `apple-nvme`. */
  readonly transport: string | null;
  /** Where it is: `0000:01:00.0`, `traddr=10.0.0.2,trsvcid=4420`. */
  readonly address: string | null;
  /** Its subsystem's qualified name. */
  readonly subsystem: string | null;
  /** I/O and admin queues. */
  readonly queues: number | null;
  readonly namespaces: readonly NvmeNamespace[];
}

const SILENT = 'the kernel does not say';
const text = (key: keyof NvmeReading, help: string): Field<NvmeReading> => ({ key, kind: 'info', unit: 'none', help, nullWhen: SILENT });

type NamespaceRow = NvmeNamespace & { readonly device: string; /** As node_exporter says it. */ readonly ana: string };

/**
 * node_exporter multiplies the size, which the kernel says in sectors of 512 bytes, by the logical block size: eight times
 * too much on a drive with blocks of 4 KiB. Its series say the same here; `hecate_nvme_namespace_bytes` is the size.
 */
const asNodeExporter = (row: NamespaceRow): number | null =>
  row.size === null || row.blockSize === null ? null : (row.size / 512) * row.blockSize;

const bytes = (
  key: 'size' | 'used' | 'blockSize',
  name: string,
  help: string,
  value?: (row: NamespaceRow) => number | null,
): Field<NamespaceRow> => ({
  key,
  kind: 'gauge',
  unit: 'bytes',
  help,
  nullWhen: SILENT,
  prometheus: { name, ...(value ? { value } : {}) },
});

/** Fields of the `nvme` collector. */
export const nvmeGroups = (): readonly Group<readonly NvmeReading[]>[] => [
  group<readonly NvmeReading[], NvmeReading>({
    name: 'nvme',
    source: '/sys/class/nvme',
    rows: (reading) => reading,
    labels: { device: 'device' },
    fields: [
      {
        ...text('model', 'Model name.'),
        prometheus: {
          name: 'node_nvme_info',
          help: 'What each NVMe controller is.',
          value: () => 1,
          properties: { model: 'model', serial: 'serial', firmware_revision: 'firmware', state: 'state', cntlid: 'controllerId' },
        },
      },
      text('serial', 'Serial number.'),
      text('firmware', 'Revision of the firmware.'),
      {
        ...text('state', 'State of the controller: live when it works.'),
        prometheus: {
          name: 'hecate_nvme_live',
          help: '1 when the controller works.',
          value: (row) => (row.state === null ? null : Number(row.state === 'live')),
        },
      },
      {
        ...text('transport', 'How the controller is reached, such as pcie or tcp.'),
        prometheus: {
          name: 'hecate_nvme_transport_info',
          properties: { transport: 'transport', address: 'address', subsystem: 'subsystem' },
        },
      },
      text('address', 'Where the controller is.'),
      text('subsystem', 'Qualified name of its subsystem.'),
      text('controllerId', 'Number of the controller in its subsystem.'),
      { key: 'queues', kind: 'gauge', unit: 'count', help: 'Queues of the controller, the admin queue too.', nullWhen: SILENT },
    ],
  }),
  group<readonly NvmeReading[], NamespaceRow>({
    name: 'nvme.namespaces',
    json: 'nvme[].namespaces[]',
    source: '/sys/class/nvme/*/nvme*n*',
    rows: (reading) =>
      reading.flatMap((row) => row.namespaces.map((part) => ({ ...part, device: row.device, ana: part.anaState ?? 'unknown' }))),
    labels: { device: 'device', nsid: 'id' },
    fields: [
      {
        key: 'anaState',
        kind: 'info',
        unit: 'none',
        help: 'State of this path to the namespace.',
        nullWhen: 'the drive has one path',
        prometheus: {
          name: 'node_nvme_namespace_info',
          help: 'State of each path to a namespace, as the asymmetric namespace access of NVMe calls it.',
          value: () => 1,
          properties: { ana_state: 'ana' },
        },
      },
      bytes('size', 'hecate_nvme_namespace_bytes', 'Size of the namespace.'),
      bytes('size', 'node_nvme_namespace_size_bytes', 'Size of the namespace, times its block size in sectors.', asNodeExporter),
      bytes('size', 'node_nvme_namespace_capacity_bytes', 'Size of the namespace, times its block size in sectors.', asNodeExporter),
      bytes('used', 'node_nvme_namespace_used_bytes', 'Bytes of the namespace that are allocated.'),
      bytes('blockSize', 'node_nvme_namespace_logical_block_size_bytes', 'Size of a logical block.'),
    ],
  }),
];
