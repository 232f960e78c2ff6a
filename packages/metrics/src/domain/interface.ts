import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** An IP address of an interface. */
export interface InterfaceAddress {
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  readonly prefixLength: number;
  /** How far it is known: `global`, `site`, `link`, `host`, or the kernel's number of another one. */
  readonly scope: string;
  /**
   * What is special about it (linux/if_addr.h): `secondary`, `temporary`, `nodad`, `optimistic`, `dadfailed`, `home`, `deprecated`,
   * `tentative`, `permanent`, `mngtmpaddr`, `noprefixroute`, `autojoin`, `stable-privacy`. Null where only files could be read, of IPv4,
   * and on macOS.
   */
  readonly flags: readonly string[] | null;
  /** Null where there is none. */
  readonly broadcast: string | null;
  /** The other end of a point-to-point link; null where there is none, and where only files could be read. */
  readonly peer: string | null;
}

/** Errors by their kind; the sums are in the `network` reading. Null: the driver does not say. */
export interface InterfaceErrors {
  readonly receiveLengthErrors: number | null;
  readonly receiveOverErrors: number | null;
  readonly receiveCrcErrors: number | null;
  readonly receiveMissedErrors: number | null;
  readonly transmitAbortedErrors: number | null;
  readonly transmitHeartbeatErrors: number | null;
  readonly transmitWindowErrors: number | null;
}

/** What an interface is set to, from /sys/class/net (kernel: Documentation/ABI/testing/sysfs-class-net). Null: the driver does not say. */
export interface InterfaceReading extends InterfaceErrors {
  readonly device: string;
  readonly index: number | null;
  /** `up`, `down`, `dormant`, `unknown` (normal for lo, tun, ppp), … */
  readonly operstate: string | null;
  /** Hardware address; empty where the kind has none. */
  readonly address: string | null;
  readonly broadcast: string | null;
  readonly duplex: string | null;
  readonly alias: string | null;
  /** Administrator's state: the kernel's IFF_UP. */
  readonly up: boolean | null;
  /** The same in node_exporter's words. */
  readonly adminState: 'up' | 'down' | 'unknown';
  /** Whether there is a link; null while the interface is down. */
  readonly carrier: boolean | null;
  /** Bytes per second; null when unknown, also for the 0, -1 and 65535 that drivers say then. */
  readonly speed: number | null;
  readonly mtu: number | null;
  readonly carrierChanges: number | null;
  readonly carrierUpChanges: number | null;
  readonly carrierDownChanges: number | null;
  readonly flags: number | null;
  /** ARPHRD number. */
  readonly type: number | null;
  readonly transmitQueueLength: number | null;
  readonly addressAssignType: number | null;
  readonly deviceId: number | null;
  readonly dormant: number | null;
  readonly group: number | null;
  readonly link: number | null;
  readonly linkMode: number | null;
  readonly nameAssignType: number | null;
  /** Packets received that no protocol wanted. */
  readonly receiveNoHandler: number | null;
  /** IP addresses with prefix length: `192.0.2.1/24`. Null where they could not be read. */
  readonly addresses: readonly string[] | null;
  /** The same with all that is known of them. */
  readonly internetAddresses: readonly InterfaceAddress[] | null;
}

const UNSAID = 'the driver does not say';
const plain = (
  key: keyof InterfaceReading & string,
  name: string,
  help: string,
  kind: 'gauge' | 'counter' = 'gauge',
): Field<InterfaceReading> => ({
  key,
  kind,
  unit: 'none',
  help,
  nullWhen: UNSAID,
  prometheus: { name: `node_network_${name}` },
});

/** Fields of the `interface` collector. */
export const interfaceGroups = (): readonly Group<readonly InterfaceReading[]>[] => [
  group<readonly InterfaceReading[], InterfaceReading>({
    name: 'interface',
    source: '/sys/class/net/*',
    rows: (reading) => reading,
    labels: { device: 'device' },
    fields: [
      {
        key: 'operstate',
        kind: 'info',
        unit: 'none',
        help: 'State of the interface: up, down, dormant, unknown (normal for lo, tun, ppp).',
        nullWhen: UNSAID,
        prometheus: {
          name: 'node_network_info',
          help: 'Addresses and state of each interface.',
          value: () => 1,
          properties: {
            address: 'address',
            broadcast: 'broadcast',
            duplex: 'duplex',
            operstate: 'operstate',
            adminstate: 'adminState',
            ifalias: 'alias',
          },
        },
      },
      {
        key: 'up',
        kind: 'gauge',
        unit: 'none',
        help: 'Whether the administrator has put it up (IFF_UP).',
        nullWhen: UNSAID,
        prometheus: {
          name: 'node_network_up',
          help: '1 when operstate is up.',
          value: (row) => (row.operstate === null ? null : Number(row.operstate === 'up')),
        },
      },
      {
        key: 'carrier',
        kind: 'gauge',
        unit: 'none',
        help: 'Whether there is a link.',
        nullWhen: 'the interface is down',
        prometheus: {
          name: 'node_network_carrier',
          help: '1 when there is a link.',
          value: (row) => (row.carrier === null ? null : Number(row.carrier)),
        },
        otel: { name: 'hw.network.up' },
      },
      { key: 'address', kind: 'info', unit: 'none', help: 'Hardware address; empty where the kind has none.', nullWhen: UNSAID },
      { key: 'addresses', kind: 'info', unit: 'none', help: 'IP addresses with prefix length.', nullWhen: 'they could not be read' },
      {
        key: 'speed',
        kind: 'gauge',
        unit: 'bytes/second',
        help: 'Speed of the link, bytes per second.',
        nullWhen: UNSAID,
        prometheus: { name: 'node_network_speed_bytes' },
        otel: { name: 'hw.network.bandwidth.limit' },
      },
      {
        key: 'mtu',
        kind: 'gauge',
        unit: 'bytes',
        help: 'Largest packet, bytes.',
        nullWhen: UNSAID,
        prometheus: { name: 'node_network_mtu_bytes' },
      },
      plain('carrierChanges', 'carrier_changes_total', 'How often the link came or went.', 'counter'),
      plain('carrierUpChanges', 'carrier_up_changes_total', 'How often the link came.', 'counter'),
      plain('carrierDownChanges', 'carrier_down_changes_total', 'How often the link went.', 'counter'),
      plain('flags', 'flags', 'Flags of the kernel (IFF_*).'),
      plain('type', 'protocol_type', 'ARPHRD number of the hardware type.'),
      plain('transmitQueueLength', 'transmit_queue_length', 'Packets that may wait to be sent.'),
      plain('addressAssignType', 'address_assign_type', 'How the hardware address was assigned.'),
      plain('deviceId', 'device_id', 'Device id.'),
      plain('dormant', 'dormant', '1 when the interface waits for something.'),
      plain('index', 'iface_id', "The kernel's number of the interface."),
      plain('link', 'iface_link', 'Number of the interface below this one.'),
      plain('linkMode', 'iface_link_mode', 'Link mode.'),
      plain('nameAssignType', 'name_assign_type', 'How the name was assigned.'),
      plain('group', 'net_dev_group', 'Device group.'),
      plain('receiveNoHandler', 'receive_nohandler_total', 'Packets received that no protocol wanted.', 'counter'),
      plain('receiveLengthErrors', 'receive_length_errors_total', 'Packets received of a wrong length.', 'counter'),
      plain('receiveOverErrors', 'receive_over_errors_total', 'Packets received that the ring buffer had no room for.', 'counter'),
      plain('receiveCrcErrors', 'receive_crc_errors_total', 'Packets received with a wrong checksum.', 'counter'),
      plain('receiveMissedErrors', 'receive_missed_errors_total', 'Packets that the host was too slow to take.', 'counter'),
      plain('transmitAbortedErrors', 'transmit_aborted_errors_total', 'Packets whose sending was given up.', 'counter'),
      plain('transmitHeartbeatErrors', 'transmit_heartbeat_errors_total', 'Packets sent without a heartbeat.', 'counter'),
      plain('transmitWindowErrors', 'transmit_window_errors_total', 'Packets that collided late.', 'counter'),
    ],
  }),
];
