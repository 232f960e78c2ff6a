import { eachPerSecond } from '../model/rate-field.ts';
import type { RateField } from '../model/rate-field.ts';
import type { ProcessColumn, ProcessIdentity, ProcessTable } from './process.ts';

/** Rates of one process. */
export interface ProcessRates {
  /** CPU as a share of one core: 2 is two cores busy. Null without an earlier reading, and where it may not be read. */
  readonly cpu: number | null;
  /** Null while it was read only once, or may not be read. */
  readonly readBytesPerSecond: number | null;
  readonly writeBytesPerSecond: number | null;
  /** Null without an earlier reading. */
  readonly minorFaultsPerSecond: number | null;
  readonly majorFaultsPerSecond: number | null;
  /** Null while it was read only once, or may not be read. */
  readonly voluntarySwitchesPerSecond: number | null;
  readonly involuntarySwitchesPerSecond: number | null;
  /** Watts that the CPUs took for it, measured. macOS only; null without an earlier reading, and where it is not known. */
  readonly power?: number | null;
}

/** The rates of a process that was not there before. */
export const NO_PROCESS_RATES: ProcessRates = {
  cpu: null,
  readBytesPerSecond: null,
  writeBytesPerSecond: null,
  minorFaultsPerSecond: null,
  majorFaultsPerSecond: null,
  voluntarySwitchesPerSecond: null,
  involuntarySwitchesPerSecond: null,
};

/** The same where the system tells energy. */
const NO_MEASURED_RATES: ProcessRates = { ...NO_PROCESS_RATES, power: null };

/** Growth a second; null where it is not known (NaN) or the counter went back. */
const perSecond = (grown: number, elapsed: number): number | null => (elapsed > 0 && grown >= 0 ? grown / elapsed : null);

/** Seconds of CPU between two rows: exact where both tell it so, in ticks otherwise. */
function cpuSpent(before: ProcessTable, was: number, after: ProcessTable, is: number): number {
  const exact = after.cpuExact[is]! - before.cpuExact[was]!;
  if (!Number.isNaN(exact)) return exact;
  return after.cpuUser[is]! + after.cpuSystem[is]! - before.cpuUser[was]! - before.cpuSystem[was]!;
}

/**
 * Rates of every process of `after`, row by row. A process is the same when pid and start time are. Each row's own time of reading
 * counts; `elapsed` is for tables that do not tell it. I/O and switches have their own two readings, some ticks apart:
 * their rate is the last known one.
 */
export function processRates(before: ProcessTable, after: ProcessTable, elapsed: number): (index: number) => ProcessRates {
  // Made when the first row is asked for: most ticks nobody looks at processes.
  let rowOf: Map<ProcessIdentity, number> | undefined;
  const rowsBefore = (): Map<ProcessIdentity, number> => {
    const rows = new Map<ProcessIdentity, number>();
    for (let i = 0; i < before.length; i++) rows.set(before.identities[i]!, i);
    return rows;
  };
  const find = (index: number): number | undefined => {
    const identity = after.identities[index]!;
    // Most are in the row where they were.
    return before.identities[index] === identity ? index : (rowOf ??= rowsBefore()).get(identity);
  };
  return (index) => {
    const was = find(index);
    if (was === undefined || elapsed <= 0) return after.energy ? NO_MEASURED_RATES : NO_PROCESS_RATES;
    const own = after.time[index]! - before.time[was]!;
    const seconds = own > 0 ? own : elapsed;
    const grown = (column: 'minorFaults' | 'majorFaults'): number => after[column][index]! - before[column][was]!;
    const { energy } = after;
    const ioSeconds = after.ioTime[index]! - after.earlierIoTime[index]!;
    const switchSeconds = after.switchTime[index]! - after.earlierSwitchTime[index]!;
    const since = (now: ProcessColumn, earlier: ProcessColumn): number => now[index]! - earlier[index]!;
    const spent = cpuSpent(before, was, after, index);
    const cpuSince = after.earlierCpuTime?.[index] ?? Number.NaN;
    return {
      cpu: Number.isNaN(cpuSince)
        ? Number.isNaN(spent)
          ? null
          : Math.max(0, spent / seconds)
        : perSecond(after.cpuUser[index]! + after.cpuSystem[index]! - after.earlierCpu![index]!, after.time[index]! - cpuSince),
      readBytesPerSecond: perSecond(since(after.readBytes, after.earlierReadBytes), ioSeconds),
      writeBytesPerSecond: perSecond(since(after.writeBytes, after.earlierWriteBytes), ioSeconds),
      minorFaultsPerSecond: perSecond(grown('minorFaults'), seconds),
      majorFaultsPerSecond: perSecond(grown('majorFaults'), seconds),
      voluntarySwitchesPerSecond: perSecond(since(after.voluntarySwitches, after.earlierVoluntarySwitches), switchSeconds),
      involuntarySwitchesPerSecond: perSecond(since(after.involuntarySwitches, after.earlierInvoluntarySwitches), switchSeconds),
      ...(energy ? { power: perSecond(energy[index]! - (before.energy?.[was] ?? Number.NaN), seconds) } : {}),
    };
  };
}

/** Fields of {@link ProcessRates}. JSON has them in the process itself. */
export const processRateFields = (): readonly RateField[] => [
  {
    path: '[].cpu',
    unit: 'ratio',
    formula: '(Δ cpuUser + Δ cpuSystem) / seconds between its two readings; 1 is one core',
    nullWhen: 'the process is new',
  },
  ...eachPerSecond('[].', ['readBytes', 'writeBytes'], 'its I/O was read only once so far, or may not be read'),
  ...eachPerSecond('[].', ['minorFaults', 'majorFaults'], 'the process is new'),
  ...eachPerSecond('[].', ['voluntarySwitches', 'involuntarySwitches'], 'they were read only once so far, or may not be read'),
  {
    path: '[].power',
    unit: 'watts',
    formula: 'Δ energy / seconds between its two readings',
    nullWhen: 'the process is new, may not be read, or the processor does not measure it',
    platform: 'darwin',
  },
];
