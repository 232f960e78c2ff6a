import { THERMAL_LEVELS } from '@hecate/metrics';
import { COLUMNS } from '../../record/columns.ts';
import type { Frame } from '../../serve/hub.ts';
import { flag, percentOf } from './subject.ts';
import type { Reading } from './subject.ts';

/** A number of the whole machine: it has no object. */
export interface MachineReading extends Reading<null> {
  readonly pace: 'tick' | 'slow';
}

const sumOf = (numbers: readonly (number | null)[]): number | null =>
  numbers.reduce<number | null>((sum, number) => (number === null ? sum : (sum ?? 0) + number), null);
const total = (a: number | null | undefined, b: number | null | undefined): number | null => sumOf([a ?? null, b ?? null]);

const reading = (
  pace: MachineReading['pace'],
  unit: MachineReading['unit'],
  help: string,
  value: (frame: Frame) => number | null | undefined,
): MachineReading => ({ pace, unit, help, value: (_, frame) => value(frame) });

/** Beside the columns of a day file. */
const BESIDE: Readonly<Record<string, MachineReading>> = {
  memory_available_percent: reading('tick', 'percent', 'memory that programs can still get, what ZFS gives back included', ({ snapshot }) =>
    percentOf(snapshot.memory?.available, snapshot.memory?.total),
  ),
  memory_used_percent: reading('tick', 'percent', 'memory that programs hold', ({ snapshot }) =>
    percentOf(snapshot.memory?.used, snapshot.memory?.total),
  ),
  swap_used_percent: reading('tick', 'percent', 'swap in use; unknown without swap', ({ snapshot }) =>
    percentOf(snapshot.memory?.swapUsed, snapshot.memory?.swapTotal),
  ),
  swap_pages_per_second: reading('slow', 'count/second', 'pages read from and written to swap', ({ rates }) =>
    total(rates.paging?.swapInPerSecond, rates.paging?.swapOutPerSecond),
  ),
  load_per_cpu: reading('tick', 'load', 'load average over 15 minutes, for each CPU', ({ snapshot: { load, cpu } }) =>
    load && cpu && cpu.cores.length > 0 ? load.load15 / cpu.cores.length : null,
  ),
  oom_kills: reading('slow', 'count', 'processes killed for lack of memory since boot', ({ snapshot }) => snapshot.paging?.oomKills),
  hung_tasks: reading('slow', 'count', 'tasks that were found to hang since boot', ({ snapshot }) => snapshot.kernel?.hungTasks),
  tcp_retransmit_percent: reading('slow', 'percent', 'TCP segments that were sent again; unknown while few are sent', ({ rates }) =>
    typeof rates.protocols?.tcp?.retransmitRatio === 'number' ? rates.protocols.tcp.retransmitRatio * 100 : null,
  ),
  tcp_resets_per_second: reading(
    'slow',
    'count/second',
    'TCP resets that we sent',
    ({ rates }) => rates.protocols?.tcp?.resetsOutPerSecond,
  ),
  tcp_listen_drops_per_second: reading(
    'slow',
    'count/second',
    'connections that found a full queue',
    ({ rates }) => rates.protocols?.tcp?.listenDropsPerSecond,
  ),
  conntrack_used_percent: reading('slow', 'percent', 'connections that the firewall tracks, of the most it may', ({ snapshot }) =>
    percentOf(snapshot.conntrack?.entries, snapshot.conntrack?.limit),
  ),
  files_used_percent: reading('slow', 'percent', 'open files, of the most that the kernel allows', ({ snapshot }) =>
    percentOf(snapshot.kernel?.filesAllocated, snapshot.kernel?.filesMaximum),
  ),
  own_pids_percent: reading('slow', 'percent', 'processes and threads of our control group, of the most it may have', ({ snapshot }) =>
    percentOf(snapshot.cgroup?.pids, snapshot.cgroup?.pidsLimit),
  ),
  memory_errors_uncorrectable: reading('slow', 'count', 'memory errors that could not be corrected, since boot', ({ snapshot }) =>
    snapshot.edac ? sumOf(snapshot.edac.map(({ uncorrectable }) => uncorrectable)) : null,
  ),
  memory_errors_correctable: reading('slow', 'count', 'memory errors that were corrected, since boot', ({ snapshot }) =>
    snapshot.edac ? sumOf(snapshot.edac.map(({ correctable }) => correctable)) : null,
  ),
  throttles: reading('slow', 'count', 'times that the processor was slowed down because it was hot, since boot', ({ snapshot }) =>
    snapshot.frequency && snapshot.frequency.packageThrottles.length + snapshot.frequency.coreThrottles.length > 0
      ? sumOf([...snapshot.frequency.packageThrottles, ...snapshot.frequency.coreThrottles].map(({ throttles }) => throttles))
      : null,
  ),
  thermal_pressure: reading(
    'slow',
    'count',
    'how hard heat presses on a Mac: 0 nominal, 1 moderate, 2 heavy (programs are slowed down), 3 trapping, 4 sleeping; unknown elsewhere',
    ({ snapshot }) => {
      const pressure = snapshot.thermal?.apple?.pressure;
      return pressure && THERMAL_LEVELS.indexOf(pressure);
    },
  ),
  clock_unsynchronised: reading('slow', 'count', '1 while nothing keeps the clock right', ({ snapshot }) =>
    flag(snapshot.clock?.sync ? !snapshot.clock.sync.synchronized : null),
  ),
  battery_left_percent: reading(
    'slow',
    'percent',
    'charge while the machine runs on battery, 100 while it does not',
    ({ snapshot: { power } }) => (!power || power.charge === null ? null : power.source === 'battery' ? power.charge * 100 : 100),
  ),
};

/** Every number of the whole machine that a rule can be about, by its name. */
export const MACHINE: ReadonlyMap<string, MachineReading> = new Map([
  ...COLUMNS.map(({ name, unit, help }, index): [string, MachineReading] => [
    name,
    { pace: 'tick', unit, help, value: (_, { row }) => row[index] },
  ]),
  ...Object.entries(BESIDE),
]);
