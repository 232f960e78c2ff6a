import type { Rates, Snapshot } from '@hecate/metrics';
import { encodeTimestamp, TIMESTAMP_COLUMN } from '../day/day-file.ts';
import { COLUMNS } from '../record/columns.ts';
import { machineRow } from '../record/machine-row.ts';

/** A snapshot's primary metrics as two lines, header and values: the columns of a day file. */
export function encodeCsv(snapshot: Snapshot, rates: Rates): string {
  const cells = machineRow(snapshot, rates).map((value, index) =>
    value === null ? '' : String(Number(value.toFixed(COLUMNS[index]!.decimals))),
  );
  const header = [TIMESTAMP_COLUMN, ...COLUMNS.map(({ name }) => name)];
  return `${header.join(',')}\n${[encodeTimestamp(snapshot.time), ...cells].join(',')}\n`;
}
