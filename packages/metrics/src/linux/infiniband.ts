import type { Host } from '@hecate/host';
import { infinibandGroups } from '../domain/infiniband.ts';
import type { InfinibandPort, InfinibandReading } from '../domain/infiniband.ts';
import type { Collector, Sliced } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributesOf, listMatching } from './attribute.ts';

const CLASS = '/sys/class/infiniband';

/** Data is counted in units of four bytes (kernel: Documentation/ABI/stable/sysfs-class-infiniband). */
const DATA_UNIT = 4;

/** Files of counters, and what node_exporter calls them. Which there are depends on the adapter. */
const COUNTERS: Readonly<Record<string, string>> = {
  'counters/excessive_buffer_overrun_errors': 'excessive_buffer_overrun_errors',
  'counters/link_downed': 'link_downed',
  'counters/link_error_recovery': 'link_error_recovery',
  'counters/local_link_integrity_errors': 'local_link_integrity_errors',
  'counters/multicast_rcv_packets': 'multicast_packets_received',
  'counters/multicast_xmit_packets': 'multicast_packets_transmitted',
  'counters/port_rcv_constraint_errors': 'port_constraint_errors_received',
  'counters/port_xmit_constraint_errors': 'port_constraint_errors_transmitted',
  'counters/port_rcv_data': 'port_data_received_bytes',
  'counters/port_xmit_data': 'port_data_transmitted_bytes',
  'counters/port_rcv_discards': 'port_discards_received',
  'counters/port_xmit_discards': 'port_discards_transmitted',
  'counters/port_rcv_errors': 'port_errors_received',
  'counters/port_rcv_packets': 'port_packets_received',
  'counters/port_xmit_packets': 'port_packets_transmitted',
  'counters/port_xmit_wait': 'port_transmit_wait',
  'counters/port_rcv_remote_physical_errors': 'port_receive_remote_physical_errors',
  'counters/port_rcv_switch_relay_errors': 'port_receive_switch_relay_errors',
  'counters/symbol_error': 'symbol_error',
  'counters/unicast_rcv_packets': 'unicast_packets_received',
  'counters/unicast_xmit_packets': 'unicast_packets_transmitted',
  'counters/VL15_dropped': 'vl15_dropped',
  'counters_ext/port_multicast_rcv_packets': 'legacy_multicast_packets_received',
  'counters_ext/port_multicast_xmit_packets': 'legacy_multicast_packets_transmitted',
  'counters_ext/port_rcv_data_64': 'legacy_data_received_bytes',
  'counters_ext/port_xmit_data_64': 'legacy_data_transmitted_bytes',
  'counters_ext/port_rcv_packets_64': 'legacy_packets_received',
  'counters_ext/port_xmit_packets_64': 'legacy_packets_transmitted',
  'counters_ext/port_unicast_rcv_packets': 'legacy_unicast_packets_received',
  'counters_ext/port_unicast_xmit_packets': 'legacy_unicast_packets_transmitted',
};

/** A state as the kernel writes it, `4: ACTIVE`. */
function parseState(text: string | null): { id: number | null; name: string | null } {
  const [, id, name] = /^(\d{1,3}): (.+)$/.exec(text ?? '') ?? [];
  return { id: id === undefined ? null : Number(id), name: name ?? null };
}

/** Bytes per second of `40 Gb/sec (4X QDR)`. */
function parseRate(text: string | null): number | null {
  const gigabits = /^(\d{1,6}(?:\.\d{1,3})?) Gb\/sec/.exec(text ?? '')?.[1];
  return gigabits === undefined ? null : (Number(gigabits) * 1e9) / 8;
}

function readPort(host: Host, device: string, port: string, gaps: GapSink): InfinibandPort {
  const folder = `${CLASS}/${device}/ports/${port}`;
  const file = attributesOf(host, folder, `infiniband.${device}.${port}`, gaps);
  const state = parseState(file.text('state'));
  const physical = parseState(file.text('phys_state'));
  const counters: Record<string, number> = {};
  for (const kind of ['counters', 'counters_ext']) {
    for (const entry of listMatching(host, `${folder}/${kind}`, /^\w+$/)) {
      const name = COUNTERS[`${kind}/${entry}`];
      // Without a performance management agent the driver writes `N/A (no PMA)`.
      const value = name === undefined ? null : file.number(`${kind}/${entry}`);
      if (name !== undefined && value !== null) counters[name] = entry.includes('_data') ? value * DATA_UNIT : value;
    }
  }
  return {
    port,
    state: state.name,
    stateId: state.id,
    physicalState: physical.name,
    physicalStateId: physical.id,
    linkLayer: file.text('link_layer') || null,
    rate: parseRate(file.text('rate')),
    counters,
  };
}

function* readAdapter(host: Host, device: string, gaps: GapSink): Sliced<InfinibandReading> {
  const file = attributesOf(host, `${CLASS}/${device}`, `infiniband.${device}`, gaps);
  const ports: InfinibandPort[] = [];
  for (const port of listMatching(host, `${CLASS}/${device}/ports`, /^\d+$/)) {
    ports.push(readPort(host, device, port, gaps));
    yield;
  }
  return {
    device,
    board: file.text('board_id') || null,
    firmware: file.text('fw_ver') || null,
    adapterType: file.text('hca_type') || null,
    ports,
  };
}

/** InfiniBand and RDMA adapters and their ports. */
export const infiniband: Collector<'infiniband', readonly InfinibandReading[]> = {
  name: 'infiniband',
  lane: 'slow',
  sources: [CLASS],
  remedy: 'Mount /sys.',
  groups: infinibandGroups,
  open: (host) => ({
    *read(gaps) {
      const readings: InfinibandReading[] = [];
      for (const device of listMatching(host, CLASS, /^\w/)) readings.push(yield* readAdapter(host, device, gaps));
      return readings;
    },
    close: () => {},
  }),
};
