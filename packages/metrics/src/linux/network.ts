import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { networkGroups } from '../domain/network.ts';
import type { NetworkReading } from '../domain/network.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import type { Mutable } from '../model/mutable.ts';
import type { GapSink } from '../model/gap.ts';
import { readNumber } from './attribute.ts';
import { keepNetFile } from './net-directory.ts';

const COLON = 58;
const NEWLINE = 10;

/** Counters of a line. */
const COUNTERS = 16;
const counters: number[] = [];

/** Index of the last colon of the line that starts here, or -1: old names have colons (`eth0:1`), numbers have none. */
function lastColon(cursor: ByteCursor): number {
  const newline = cursor.find(NEWLINE);
  const colon = cursor.bytes.lastIndexOf(COLON, (newline < 0 ? cursor.end : newline) - 1);
  return colon >= cursor.at ? colon : -1;
}

/** The text from `start` to `end`, spaces around it left out; `known` itself when it is that. */
function nameBetween(cursor: ByteCursor, start: number, end: number, known: string | undefined): string {
  cursor.at = start;
  cursor.skipSpaces();
  if (known && cursor.match(known) && cursor.at === end) return known;
  return cursor.text(start, end).trim();
}

/** What a line counts: Linux tells all of it. */
type NetDevRow = Mutable<NetworkReading & { readonly receiveDrops: number; readonly transmitDrops: number }>;

/**
 * /proc/net/dev: two lines of headings, then one line an interface (kernel: net/core/net-procfs.c), `index` and `physical`
 * still unknown. The first number may be glued to the colon. `known` are the names that the lines had last time.
 * Throws FAILED when a number is missing.
 */
export function parseNetDev(cursor: ByteCursor, known: readonly string[] = []): NetDevRow[] {
  const rows: NetDevRow[] = [];
  for (; !cursor.done; cursor.nextLine()) {
    const start = cursor.at;
    const colon = lastColon(cursor);
    if (colon < 0) continue;
    const device = nameBetween(cursor, start, colon, known[rows.length]);
    cursor.at = colon + 1;
    const count = cursor.integers(counters, COUNTERS);
    if (count < COUNTERS)
      throw new HecateError('FAILED', `The line of ${device || 'an interface'} in /proc/net/dev has ${count} counters.`);
    rows.push(rowOf(device, counters));
  }
  return rows;
}

const rowOf = (device: string, c: readonly number[]): NetDevRow => ({
  device,
  index: null,
  physical: false,
  receiveBytes: c[0]!,
  receivePackets: c[1]!,
  receiveErrors: c[2]!,
  receiveDrops: c[3]!,
  receiveFifo: c[4]!,
  receiveFrame: c[5]!,
  receiveCompressed: c[6]!,
  receiveMulticast: c[7]!,
  transmitBytes: c[8]!,
  transmitPackets: c[9]!,
  transmitErrors: c[10]!,
  transmitDrops: c[11]!,
  transmitFifo: c[12]!,
  transmitCollisions: c[13]!,
  transmitCarrier: c[14]!,
  transmitCompressed: c[15]!,
});

/** What /sys says about an interface that does not change while it lives. */
interface Identity {
  readonly index: number | null;
  readonly physical: boolean;
}

/** Null where nothing is known: there is no /sys, or the interface went away between the two reads. */
function readIdentity(host: Host, device: string): Identity {
  const directory = `/sys/class/net/${device}`;
  const index = readNumber(host, `${directory}/ifindex`);
  try {
    host.readLink(`${directory}/device`);
    return { index, physical: true };
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return { index, physical: false };
  }
}

/** Whether the rows may be those of other interfaces than before: other names, another order, or counters that started over. */
function mayDiffer(before: readonly NetworkReading[], after: readonly NetworkReading[]): boolean {
  return (
    before.length !== after.length ||
    after.some((row, index) => {
      const was = before[index]!;
      return row.device !== was.device || row.receiveBytes < was.receiveBytes || row.transmitBytes < was.transmitBytes;
    })
  );
}

/** Gives each row its index and kind; asks /sys again only when the interfaces may have changed. */
function createIdentifier(host: Host): (rows: Mutable<NetworkReading>[], gaps: GapSink) => void {
  let last: readonly NetworkReading[] = [];
  return (rows, gaps) => {
    const isStale = mayDiffer(last, rows);
    for (const [position, row] of rows.entries()) {
      try {
        const { index, physical } = isStale ? readIdentity(host, row.device) : last[position]!;
        row.index = index;
        row.physical = physical;
      } catch (error) {
        gaps.addError('network.index', error);
      }
    }
    last = rows;
  };
}

/** Counters of network interfaces: those of our own network namespace; of a rooted machine, those of its process 1. */
export const network: Collector<'network', readonly NetworkReading[]> = {
  name: 'network',
  lane: 'fast',
  sources: ['/proc/net/dev', '/sys/class/net/*/ifindex'],
  remedy: 'Mount /proc and /sys.',
  groups: networkGroups,
  open(host) {
    const file = keepNetFile(host, 'dev');
    const cursor = new ByteCursor();
    const identify = createIdentifier(host);
    let known: readonly string[] = [];
    return {
      read(gaps) {
        const rows = parseNetDev(cursor.reset(file.read()), known);
        known = rows.map((row) => row.device);
        identify(rows, gaps);
        return rows;
      },
      close: file.close,
    };
  },
};
