import type { Host } from '@hecate/host';
import { countOf } from './decimal.ts';
import { askProgram, notUnderstood } from './program.ts';

/** Counters of one interface since boot, as netstat(1) has them, exact beyond 4 GiB. Null: not a number, or no such column. */
export interface NetstatInterface {
  readonly name: string;
  /** The kernel's number of it. */
  readonly index: number;
  /** Whether it is down: netstat marks it with a star. */
  readonly down: boolean;
  readonly mtu: number | null;
  /** Hardware address; null where it has none. */
  readonly address: string | null;
  readonly receivePackets: number | null;
  readonly receiveErrors: number | null;
  readonly receiveBytes: number | null;
  readonly transmitPackets: number | null;
  readonly transmitErrors: number | null;
  readonly transmitBytes: number | null;
  readonly collisions: number | null;
  /** Packets that its send queue dropped: with `-d` only. */
  readonly transmitDrops: number | null;
}

/** The columns that are counters, in netstat's words. */
const COLUMNS = {
  receivePackets: 'Ipkts',
  receiveErrors: 'Ierrs',
  receiveBytes: 'Ibytes',
  transmitPackets: 'Opkts',
  transmitErrors: 'Oerrs',
  transmitBytes: 'Obytes',
  collisions: 'Coll',
  transmitDrops: 'Drop',
} as const;

/** A row of the link: its third column is `<Link#4>`, and the hardware address after it may be missing. */
function rowOf(line: string, counters: readonly string[]): NetstatInterface | null {
  const words = line.trim().split(/\s+/);
  const [, index] = /^<Link#(\d+)>$/.exec(words[2] ?? '') ?? [];
  const extra = words.length - 3 - counters.length;
  // A row that was cut off would have its counters in the wrong columns.
  if (index === undefined || (extra !== 0 && extra !== 1)) return null;
  const counts = new Map(counters.map((column, at) => [column, countOf(words[3 + extra + at])]));
  const name = words[0]!;
  return {
    name: name.replace(/\*$/, ''),
    index: Number(index),
    down: name.endsWith('*'),
    mtu: countOf(words[1]),
    address: extra === 1 ? words[3]! : null,
    ...(Object.fromEntries(Object.entries(COLUMNS).map(([key, column]) => [key, counts.get(column) ?? null])) as Record<
      keyof typeof COLUMNS,
      number | null
    >),
  };
}

/**
 * Reads what `netstat -ibdn` prints, with `-W` or without: one interface a row of a link; rows of addresses repeat the same counters.
 * A row that was cut off is left out. Throws FAILED where the header is another one.
 */
export function parseNetstatInterfaces(text: string): NetstatInterface[] {
  const [header = '', ...lines] = text.trim().split('\n');
  const columns = header.trim().split(/\s+/);
  const counters = columns.slice(columns.indexOf('Address') + 1);
  if (!columns.includes('Address') || !counters.includes('Ibytes')) throw notUnderstood('netstat', text);
  const found = new Map<number, NetstatInterface>();
  for (const line of lines) {
    const row = rowOf(line, counters);
    if (row) found.set(row.index, row);
  }
  return [...found.values()];
}

/** Counters of every interface. Throws as {@link askProgram} and {@link parseNetstatInterfaces}. */
export async function readNetstatInterfaces(host: Host): Promise<NetstatInterface[]> {
  // -W: names whole; without it they are cut.
  return parseNetstatInterfaces(await askProgram(host, { argv: ['/usr/sbin/netstat', '-ibdnW'] }));
}
