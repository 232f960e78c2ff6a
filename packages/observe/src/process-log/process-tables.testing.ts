import type { ProcessIdentity, ProcessTable } from '@hecate/metrics';
import { openProcessLog } from './process-log.ts';
import type { ProcessLog, ProcessLogOptions } from './process-log.ts';
import { RECORDED_COLUMNS } from './recorded-column.ts';
import type { RecordedColumnName } from './recorded-column.ts';
import { tableOfColumns } from './recorded-table.ts';
import { processDirectory } from './segment.ts';
import type { ProcessSample } from './table-encoder.ts';

/** A process, and the figures of it that are not those of a process that did nothing. */
export interface Invented {
  readonly identity: ProcessIdentity;
  readonly figures?: Partial<Readonly<Record<RecordedColumnName, number>>>;
}

/** A process that can be told from others. */
export function identityOf(pid: number, startedAfterBoot: number, changes: Partial<ProcessIdentity> = {}): ProcessIdentity {
  return {
    pid,
    ppid: 1,
    startedAfterBoot,
    startTime: 1_700_000_000 + startedAfterBoot,
    name: `process-${pid}`,
    command: `/usr/bin/process-${pid} --number ${pid}`,
    uid: 1000,
    user: 'someone',
    gid: 100,
    kernel: false,
    cgroup: `/system.slice/process-${pid}.service`,
    unit: `process-${pid}.service`,
    slice: 'system.slice',
    container: null,
    ...changes,
  };
}

const IDLE: Readonly<Record<RecordedColumnName, number>> = {
  state: 83,
  cpuUser: 0,
  cpuSystem: 0,
  rss: 4096,
  virtual: 8192,
  threads: 1,
  nice: 0,
  priority: 20,
  minorFaults: 0,
  majorFaults: 0,
  readBytes: Number.NaN,
  writeBytes: Number.NaN,
};

/** A table of these processes, read at a monotonic time. */
export function tableOf(processes: readonly Invented[], monotonic: number): ProcessTable {
  const entries = RECORDED_COLUMNS.map(({ name }) => [name, Float64Array.from(processes, ({ figures }) => figures?.[name] ?? IDLE[name])]);
  const columns = Object.fromEntries(entries) as Record<RecordedColumnName, Float64Array>;
  return tableOfColumns(
    columns,
    processes.map(({ identity }) => identity),
    monotonic,
  );
}

/** A log in a data directory, every ten seconds, without bounds; a failed write fails the test. */
export function openLogForTest(dataDir: string, changes: Partial<ProcessLogOptions> = {}): ProcessLog {
  return openProcessLog({
    directory: processDirectory(dataDir),
    every: 10,
    commands: true,
    limits: { hours: 100_000, bytes: 1e12 },
    onState(error) {
      if (error) throw error;
    },
    ...changes,
  });
}

/** Adds a sample and waits until it is encoded. */
export async function append(log: ProcessLog, sample: ProcessSample): Promise<void> {
  const { samples } = log;
  log.append(sample);
  while (log.samples === samples) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
