import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
import { PROTOCOL_COUNTERS } from './protocol-counters.ts';
import type { CountsByPart, ProtocolPart } from './protocol-counters.ts';

/** A counter that the kernel keeps of a protocol, under the kernel's names (RFC 4293, 4022, 4113; kernel: net/ipv4/proc.c). */
export interface ProtocolCounter {
  /** `Tcp`, `TcpExt`, `Ip6`, … */
  readonly protocol: string;
  readonly name: string;
  /** May be negative where the kernel says so. */
  readonly value: number;
}

/**
 * Counters of TCP, UDP, IP and ICMP since the network namespace began.
 * A part is null when the kernel counts nothing of it (IPv6 is off).
 */
export type ProtocolsReading = { readonly [Part in ProtocolPart]: CountsByPart[Part] | null } & {
  /** What node_exporter publishes, under the kernel's names. */
  readonly published: readonly ProtocolCounter[];
};

/** What node_exporter publishes unless it is told otherwise. */
const PUBLISHED: readonly RegExp[] = [
  /_(?:InErrors|InErrs)$/,
  /^(?:Ip_Forwarding|Ip(?:6|Ext)_(?:InOctets|OutOctets)|Icmp6?_(?:InMsgs|OutMsgs))$/,
  /^TcpExt_(?:Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)$/,
  /^Tcp_(?:ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)$/,
  /^Udp6?_(?:InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors)$/,
];

/** Whether node_exporter publishes the counter `protocol_name` unless it is told otherwise. */
export function isPublished(counter: string): boolean {
  return PUBLISHED.some((pattern) => pattern.test(counter));
}

const PARTS = Object.keys(PROTOCOL_COUNTERS) as ProtocolPart[];

/** What is published of parts that did not come under the names of Linux: macOS has the counters, and other names for them. */
export function publishedOf(parts: Omit<ProtocolsReading, 'published'>): ProtocolCounter[] {
  return PARTS.flatMap((part) =>
    Object.entries(parts[part] ?? {}).flatMap(([key, value]: [string, number | null]) => {
      const [counter] = (PROTOCOL_COUNTERS[part] as Readonly<Record<string, readonly [string, string]>>)[key] ?? [];
      if (counter === undefined || value === null || !isPublished(counter)) return [];
      const [protocol, name] = counter.split('_') as [string, string];
      return { protocol, name, value };
    }),
  );
}

/** `tcp`, `lostRetransmits` to `hecate_tcp_lost_retransmits_total`. */
const ownName = (part: string, key: string): string =>
  `hecate_${part}_${key.replaceAll(/(?=[A-Z])/g, '_').toLowerCase()}${key === 'established' ? '' : '_total'}`;

/** Fields of {@link ProtocolsReading}. */
export const protocolsGroups = (): readonly Group<ProtocolsReading>[] => [
  group<ProtocolsReading, ProtocolCounter>({
    name: 'protocols.published',
    source: '/proc/net/snmp, /proc/net/snmp6, /proc/net/netstat',
    rows: (reading) => reading.published,
    fields: [],
    open: {
      pattern: 'node_netstat_<protocol>_<name>',
      kind: 'untyped',
      name: (row) => `node_netstat_${row.protocol}_${row.name}`,
      help: (row) => `Statistic ${row.protocol}${row.name}.`,
      value: (row) => row.value,
    },
  }),
  ...PARTS.map((part) =>
    group<ProtocolsReading, Readonly<Record<string, number | null>>>({
      name: `protocols.${part}`,
      source: part.endsWith('6') ? '/proc/net/snmp6' : '/proc/net/snmp, /proc/net/netstat',
      rows: (reading) => (reading[part] ? [reading[part] as unknown as Readonly<Record<string, number | null>>] : []),
      fields: Object.entries(PROTOCOL_COUNTERS[part]).map(([key, [counter, help]]): Field<Readonly<Record<string, number | null>>> => ({
        key,
        kind: key === 'established' ? 'gauge' : 'counter',
        unit: key.startsWith('bytes') ? 'bytes' : 'count',
        help,
        nullWhen: 'this kernel does not count it',
        ...(isPublished(counter) ? {} : { prometheus: { name: ownName(part, key) } }),
      })),
    }),
  ),
];
