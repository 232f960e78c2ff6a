import { HecateError } from '@hecate/host';
import { PROTOCOL_COUNTERS } from '../domain/protocol-counters.ts';
import type { ProtocolPart } from '../domain/protocol-counters.ts';
import { isPublished, protocolsGroups } from '../domain/protocols.ts';
import type { ProtocolCounter, ProtocolsReading } from '../domain/protocols.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import type { GapSink } from '../model/gap.ts';
import { keepNetFile } from './net-directory.ts';

/** Counters by `protocol_name`. */
export type CounterTable = Map<string, number>;

/** A line of names as it was last time: kernels have hundreds of them, which do not change while one runs. */
export interface Heading {
  readonly bytes: Buffer;
  readonly names: readonly string[];
}

const NEWLINE = 10;

/** The names in a line `Tcp: ActiveOpens PassiveOpens …`, each with its protocol before it. */
function parseHeading(cursor: ByteCursor, end: number): readonly string[] {
  const protocol = cursor.word();
  if (!protocol.endsWith(':')) throw new HecateError('FAILED', 'A line of protocol counters has no protocol.');
  const names: string[] = [];
  while (cursor.at < end && !cursor.lineDone) names.push(`${protocol.slice(0, -1)}_${cursor.word()}`);
  return names;
}

/**
 * /proc/net/snmp and /proc/net/netstat: pairs of lines, names and values, each beginning with the protocol (kernel: net/ipv4/proc.c).
 * Kernels add columns, and values may be negative (`MaxConn -1`). `headings` are kept from one read to the next.
 * Throws FAILED when a line has fewer or more values than names.
 */
export function parseCounterPairs(cursor: ByteCursor, table: CounterTable, headings: Heading[]): void {
  for (let pair = 0; !cursor.done; pair++, cursor.nextLine()) {
    const start = cursor.at;
    const newline = cursor.find(NEWLINE);
    if (newline < 0) throw new HecateError('FAILED', 'A line of protocol counters has no values.');
    const known = headings[pair];
    let names: readonly string[];
    if (known && cursor.bytes.compare(known.bytes, 0, known.bytes.length, start, newline) === 0) names = known.names;
    else {
      names = parseHeading(cursor, newline);
      headings[pair] = { bytes: Buffer.from(cursor.bytes.subarray(start, newline)), names };
    }
    cursor.at = newline + 1;
    cursor.skipWords(1);
    for (const name of names) table.set(name, cursor.integer());
    if (!cursor.lineDone) throw new HecateError('FAILED', 'A line of protocol counters has more values than names.');
  }
}

/** The protocol ends with the first 6 of a name: `Ip6InReceives`, `UdpLite6InErrors`. */
function nameOfSix(word: string): string | undefined {
  const six = word.indexOf('6');
  return six < 0 ? undefined : `${word.slice(0, six + 1)}_${word.slice(six + 1)}`;
}

/** /proc/net/snmp6: a name and a value a line (kernel: net/ipv6/proc.c). `known` keeps the names of the lines from read to read. */
export function parseSnmp6(cursor: ByteCursor, table: CounterTable, known: [word: string, name: string | undefined][]): void {
  for (let line = 0; !cursor.done; cursor.nextLine()) {
    if (cursor.lineDone) continue;
    const word = cursor.wordAs(known[line]?.[0]);
    if (known[line]?.[0] !== word) known[line] = [word, nameOfSix(word)];
    const name = known[line++]![1];
    if (name !== undefined) table.set(name, cursor.integer());
  }
}

const PARTS = Object.entries(PROTOCOL_COUNTERS) as [ProtocolPart, Readonly<Record<string, readonly [string, string]>>][];

/** The reading that a table of counters makes. */
export function createProtocolsReading(table: CounterTable, published: readonly string[]): ProtocolsReading {
  const parts = PARTS.map(([part, counters]) => {
    const values = Object.entries(counters).map(([key, [name]]) => [key, table.get(name) ?? null] as const);
    return [part, values.some(([, value]) => value !== null) ? Object.fromEntries(values) : null];
  });
  const counter = (name: string): ProtocolCounter => {
    const end = name.indexOf('_');
    return { protocol: name.slice(0, end), name: name.slice(end + 1), value: table.get(name)! };
  };
  return { ...(Object.fromEntries(parts) as Omit<ProtocolsReading, 'published'>), published: published.map(counter) };
}

/** Counters of TCP, UDP, IP and ICMP: those of our own network namespace. */
export const protocols: Collector<'protocols', ProtocolsReading> = {
  name: 'protocols',
  lane: 'slow',
  sources: ['/proc/net/snmp', '/proc/net/snmp6', '/proc/net/netstat'],
  remedy: 'Mount /proc.',
  groups: protocolsGroups,
  open(host) {
    const cursor = new ByteCursor();
    const table: CounterTable = new Map();
    let published: readonly string[] = [];
    let counted = 0;
    const headings: Record<'snmp' | 'netstat', Heading[]> = { snmp: [], netstat: [] };
    const lines: [string, string | undefined][] = [];
    const sources = [
      { field: 'protocols.tcp', file: keepNetFile(host, 'snmp'), parse: () => parseCounterPairs(cursor, table, headings.snmp) },
      { field: 'protocols.ip', file: keepNetFile(host, 'netstat'), parse: () => parseCounterPairs(cursor, table, headings.netstat) },
      { field: 'protocols.ip6', file: keepNetFile(host, 'snmp6'), parse: () => parseSnmp6(cursor, table, lines) },
    ];
    /** Reads all files; throws the first error when none could be read. */
    const fill = (gaps: GapSink): void => {
      const faults: [string, unknown][] = [];
      for (const { field, file, parse } of sources) {
        try {
          cursor.reset(file.read());
          parse();
        } catch (error) {
          faults.push([field, error]);
        }
      }
      if (faults.length === sources.length) throw faults[0]![1];
      for (const [field, error] of faults) gaps.addError(field, error);
    };
    return {
      read(gaps) {
        table.clear();
        fill(gaps);
        // Which names are published is only asked of new ones: testing hundreds costs more than reading them.
        if (counted !== table.size || published.some((name) => !table.has(name))) {
          published = [...table.keys()].filter(isPublished);
          counted = table.size;
        }
        return createProtocolsReading(table, published);
      },
      close: () => sources.forEach(({ file }) => file.close()),
    };
  },
};
