import { HecateError } from '@hecate/host';
import { softnetGroups } from '../domain/softnet.ts';
import type { SoftnetReading } from '../domain/softnet.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { readHexadecimal } from './hexadecimal.ts';
import { keepNetFile } from './net-directory.ts';

/** Columns (kernel: net/core/net-procfs.c, softnet_seq_show); 3 to 7 have been zero since 2.6. */
const COLLISIONS = 8;
const RECEIVED_RPS = 9;
const FLOW_LIMIT = 10;
const BACKLOG = 11;
/** Since Linux 5.14: lines are of CPUs that are online, so their position does not tell which. */
const CPU = 12;

/** /proc/net/softnet_stat: a line of hexadecimal numbers a CPU. Throws FAILED when a line has fewer than three. */
export function parseSoftnet(cursor: ByteCursor): SoftnetReading[] {
  const rows: SoftnetReading[] = [];
  for (; !cursor.done; cursor.nextLine()) {
    const columns: number[] = [];
    while (!cursor.lineDone) columns.push(readHexadecimal(cursor));
    if (columns.length === 0) continue;
    const [processed, dropped, timesSqueezed] = columns;
    if (timesSqueezed === undefined) throw new HecateError('FAILED', 'A line of /proc/net/softnet_stat has fewer than three numbers.');
    rows.push({
      cpu: columns[CPU] ?? rows.length,
      processed: processed!,
      dropped: dropped!,
      timesSqueezed,
      collisions: columns[COLLISIONS] ?? null,
      receivedRps: columns[RECEIVED_RPS] ?? null,
      flowLimitReached: columns[FLOW_LIMIT] ?? null,
      backlog: columns[BACKLOG] ?? null,
    });
  }
  return rows;
}

/** Packets that the CPUs processed, dropped, and had no time for; of the whole machine, in every network namespace. */
export const softnet: Collector<'softnet', readonly SoftnetReading[]> = {
  name: 'softnet',
  lane: 'slow',
  sources: ['/proc/net/softnet_stat'],
  remedy: 'Mount /proc.',
  groups: softnetGroups,
  open(host) {
    const file = keepNetFile(host, 'softnet_stat');
    const cursor = new ByteCursor();
    return { read: () => parseSoftnet(cursor.reset(file.read())), close: file.close };
  },
};
