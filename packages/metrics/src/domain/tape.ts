import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** I/O of one tape drive since it was found (kernel: Documentation/scsi/st.rst). Null: the kernel does not say. */
export interface TapeReading {
  /** Kernel name: `st0`. */
  readonly device: string;
  readonly reads: number | null;
  readonly readBytes: number | null;
  /** Seconds. */
  readonly readTime: number | null;
  readonly writes: number | null;
  readonly writeBytes: number | null;
  readonly writeTime: number | null;
  /** Other commands, such as rewind. */
  readonly others: number | null;
  /** Seconds of all commands. */
  readonly ioTime: number | null;
  /** Commands in flight now. */
  readonly inFlight: number | null;
  /** Commands that moved less than was asked for. */
  readonly residuals: number | null;
}

const field = (
  key: keyof TapeReading & string,
  unit: 'count' | 'bytes' | 'seconds',
  name: string,
  help: string,
  kind: 'counter' | 'gauge' = 'counter',
): Field<TapeReading> => ({ key, kind, unit, help, nullWhen: 'the kernel does not say', prometheus: { name: `node_tape_${name}` } });

/** Fields of the `tape` collector. */
export const tapeGroups = (): readonly Group<readonly TapeReading[]>[] => [
  group<readonly TapeReading[], TapeReading>({
    name: 'tape',
    source: '/sys/class/scsi_tape/st*/stats',
    rows: (reading) => reading,
    labels: { device: 'device' },
    fields: [
      field('reads', 'count', 'reads_completed_total', 'Reads that finished.'),
      field('readBytes', 'bytes', 'read_bytes_total', 'Bytes read.'),
      field('readTime', 'seconds', 'read_time_seconds_total', 'Time that reads took.'),
      field('writes', 'count', 'writes_completed_total', 'Writes that finished.'),
      field('writeBytes', 'bytes', 'written_bytes_total', 'Bytes written.'),
      field('writeTime', 'seconds', 'write_time_seconds_total', 'Time that writes took.'),
      field('others', 'count', 'io_others_total', 'Other commands that finished, such as rewind.'),
      field('ioTime', 'seconds', 'io_time_seconds_total', 'Time that all commands took.'),
      field('inFlight', 'count', 'io_now', 'Commands in flight now.', 'gauge'),
      field('residuals', 'count', 'residual_total', 'Commands that moved less than was asked for.'),
    ],
  }),
];
