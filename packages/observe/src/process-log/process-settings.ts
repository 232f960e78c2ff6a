import { boolean, maxValue, minValue, number, optional, pipe } from 'valibot';
import type { GenericSchema, OptionalSchema } from 'valibot';
import { size } from '../setting-values.ts';

/** What of processes is kept: a part of the section `[record]`. */
export interface ProcessSettings {
  /** Whether process tables are kept. Default true. */
  readonly processes: boolean;
  /** Seconds between two tables, 5 to 600. Default 10. */
  readonly processesEvery: number;
  /** Whether their command lines are kept. Default true. */
  readonly processCommands: boolean;
  /** Days whose tables are kept, counted in hours that were recorded. Default 30. */
  readonly processesKeepDays: number;
  /** Bytes that all tables may take on the disk. Default 256 MiB. */
  readonly processesKeepBytes: number;
}

const within = (least: number, most: number, what: string): GenericSchema<unknown, number> => {
  const words = `must be ${what} from ${least} to ${most}`;
  return pipe(number(words), minValue(least, words), maxValue(most, words));
};

/** The entries of the section's schema, as they are called in the file. */
export const PROCESS_ENTRIES: {
  readonly processes: OptionalSchema<GenericSchema<unknown, boolean>, boolean>;
  readonly processes_every: OptionalSchema<GenericSchema<unknown, number>, number>;
  readonly process_commands: OptionalSchema<GenericSchema<unknown, boolean>, boolean>;
  readonly processes_keep_days: OptionalSchema<GenericSchema<unknown, number>, number>;
  readonly processes_keep_bytes: OptionalSchema<ReturnType<typeof size>, string>;
} = {
  processes: optional(boolean(), true),
  processes_every: optional(within(5, 600, 'a number of seconds'), 10),
  process_commands: optional(boolean(), true),
  processes_keep_days: optional(within(1, 3650, 'a number of days'), 30),
  processes_keep_bytes: optional(size('1MiB'), '256MiB'),
};

/** The same as properties. */
export function processSettings(read: {
  readonly processes: boolean;
  readonly processes_every: number;
  readonly process_commands: boolean;
  readonly processes_keep_days: number;
  readonly processes_keep_bytes: number;
}): ProcessSettings {
  return {
    processes: read.processes,
    processesEvery: read.processes_every,
    processCommands: read.process_commands,
    processesKeepDays: read.processes_keep_days,
    processesKeepBytes: read.processes_keep_bytes,
  };
}
