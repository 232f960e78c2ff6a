import { HecateError } from '@hecate/host';
import type { ByteCursor } from '../model/cursor.ts';
import { readHexadecimal } from './hexadecimal.ts';

/** Counters by CPU: a file of /proc/net/stat. */
export interface StatTable {
  readonly names: readonly string[];
  /** One row a CPU, in the order of the file; as many numbers as there are names. */
  readonly rows: readonly (readonly number[])[];
}

/**
 * A file of /proc/net/stat: a line of names, then a line of hexadecimal numbers for each possible CPU
 * (kernel: net/core/neighbour.c, net/netfilter/nf_conntrack_standalone.c). Kernels add and rename columns, so they go by their name.
 * Throws FAILED when a line has fewer numbers than there are names.
 */
export function parseStatTable(cursor: ByteCursor): StatTable {
  const names: string[] = [];
  while (!cursor.lineDone) names.push(cursor.word());
  cursor.nextLine();
  const rows: number[][] = [];
  for (; !cursor.done; cursor.nextLine()) {
    if (cursor.lineDone) continue;
    const row: number[] = [];
    while (row.length < names.length) {
      if (cursor.lineDone) throw new HecateError('FAILED', `A line of ${names.length} counters ended after ${row.length}.`);
      row.push(readHexadecimal(cursor));
    }
    rows.push(row);
  }
  return { names, rows };
}
