import { errnoOf } from '@hecate/host';
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

/**
 * /proc/net/dev: two lines of headings, then one line an interface (kernel: net/core/net-procfs.c), `index` and `physical`
 * still unknown. The first number may be glued to the colon. `known` are the names that the lines had last time.
 * Throws FAILED when a number is missing.
 */
export function parseNetDev(cursor: ByteCursor, known: readonly string[] = []): Mutable<NetworkReading>[] {
  const rows: Mutable<NetworkReading>[] = [];
  for (; !cursor.done; cursor.nextLine()) {
    const start = cursor.at;
    const colon = lastColon(cursor);
    if (colon < 0) continue;
    const device = nameBetween(cursor, start, colon, known[rows.length]);
    cursor.at = colon + 1;
    rows.push({
      device,
      index: null,
      physical: false,
      receiveBytes: cursor.integer(),
      receivePackets: cursor.integer(),
      receiveErrors: cursor.integer(),
      receiveDrops: cursor.integer(),
      receiveFifo: cursor.integer(),
      receiveFrame: cursor.integer(),
      receiveCompressed: cursor.integer(),
      receiveMulticast: cursor.integer(),
      transmitBytes: cursor.integer(),
      transmitPackets: cursor.integer(),
      transmitErrors: cursor.integer(),
      transmitDrops: cursor.integer(),
      transmitFifo: cursor.integer(),
      transmitCollisions: cursor.integer(),
      transmitCarrier: cursor.integer(),
      transmitCompressed: cursor.integer(),
    });
  }
  return rows;
}

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
