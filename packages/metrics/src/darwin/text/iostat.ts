import type { Host } from '@hecate/host';
import { countOf, decimalOf } from './decimal.ts';
import { askProgram, notUnderstood } from './program.ts';

/** What a disk has moved since boot, reads and writes together: iostat(8) of macOS does not tell them apart. */
export interface IostatDisk {
  /** `disk0`; cut after six letters. */
  readonly device: string;
  readonly transfers: number;
  /** To 10 KiB, as iostat rounds. */
  readonly bytes: number;
}

const COLUMNS = ['KB/t', 'xfrs', 'MB'];

/** Reads what `iostat -Id` prints. A disk whose numbers were cut off is left out. Throws FAILED where the header is another one. */
export function parseIostat(text: string): IostatDisk[] {
  const [names = '', header = '', values = ''] = text.split('\n').filter((line) => line.trim() !== '');
  const words = (line: string): string[] => line.trim().split(/\s+/);
  const isKnown = words(header).every((word, at) => word === COLUMNS[at % COLUMNS.length]);
  if (!isKnown || words(header).length !== words(names).length * COLUMNS.length) throw notUnderstood('iostat', text);
  const numbers = words(values);
  return words(names).flatMap((device, at) => {
    const transfers = countOf(numbers[at * COLUMNS.length + 1]);
    const megabytes = decimalOf(numbers[at * COLUMNS.length + 2]);
    return transfers === null || megabytes === null ? [] : { device, transfers, bytes: megabytes * 2 ** 20 };
  });
}

/** What the disks have moved since boot. Throws as {@link askProgram} and {@link parseIostat}. */
export async function readIostat(host: Host): Promise<IostatDisk[]> {
  return parseIostat(await askProgram(host, { argv: ['/usr/sbin/iostat', '-Id', '-n', '64'] }));
}
