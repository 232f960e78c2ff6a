import { cpuGroups, keepGrowing } from '../domain/cpu.ts';
import type { CoreTimes, CpuReading, CpuTimes } from '../domain/cpu.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { HecateError } from '@hecate/host';

/** Clock ticks a second in everything that the kernel shows to users; 100 on every Linux that Node runs on. */
export const USER_HZ = 100;

const SPACE = 32;

/** Columns of a line; old kernels have fewer: steal since 2.6.11, guest since 2.6.24, guest_nice since 2.6.33. */
const COLUMNS = 10;
const ticks: number[] = Array.from({ length: COLUMNS }, () => 0);

function readTicks(cursor: ByteCursor): readonly number[] {
  ticks.fill(0, cursor.integers(ticks, COLUMNS));
  return ticks;
}

const timesOf = (t: readonly number[]): CpuTimes => ({
  user: t[0]! / USER_HZ,
  nice: t[1]! / USER_HZ,
  system: t[2]! / USER_HZ,
  idle: t[3]! / USER_HZ,
  iowait: t[4]! / USER_HZ,
  irq: t[5]! / USER_HZ,
  softirq: t[6]! / USER_HZ,
  steal: t[7]! / USER_HZ,
  guestUser: t[8]! / USER_HZ,
  guestNice: t[9]! / USER_HZ,
});

/** Lines of one number, in the order of the kernel. The interrupts of each line, thousands on large machines, are passed over. */
const SINGLE = ['intr ', 'ctxt ', 'btime ', 'processes ', 'procs_running ', 'procs_blocked '] as const;

/**
 * /proc/stat (kernel: Documentation/filesystems/proc.rst, 1.7). Lines that are not there are null;
 * throws FAILED when there is no `cpu` line or a number is malformed.
 */
export function parseStat(cursor: ByteCursor): CpuReading {
  let total: CpuTimes | undefined;
  const cores: CoreTimes[] = [];
  const single: (number | null)[] = [null, null, null, null, null, null];
  let found = 0;
  for (; !cursor.done && found < SINGLE.length; cursor.nextLine()) {
    if (cursor.match('cpu')) {
      if (cursor.peek() === SPACE) total = timesOf(readTicks(cursor));
      else cores.push({ cpu: cursor.integer(), ...timesOf(readTicks(cursor)) });
      continue;
    }
    const index = SINGLE.findIndex((name) => cursor.match(name));
    if (index < 0 || cursor.lineDone) continue;
    single[index] = cursor.integer();
    found++;
  }
  if (!total) throw new HecateError('FAILED', '/proc/stat has no cpu line.');
  const [interrupts, contextSwitches, bootTime, forks, procsRunning, procsBlocked] = single as [
    number | null,
    number | null,
    number | null,
    number | null,
    number | null,
    number | null,
  ];
  return { total, cores, contextSwitches, interrupts, forks, procsRunning, procsBlocked, bootTime };
}

/** Makes no time go back since the reading before. CPUs that were not in it are left as they are. */
function settle(before: CpuReading, now: CpuReading): void {
  keepGrowing(before.total, now.total);
  for (let index = 0; index < now.cores.length; index++) {
    const core = now.cores[index]!;
    const same = before.cores[index];
    const was = same?.cpu === core.cpu ? same : before.cores.find(({ cpu: number }) => number === core.cpu);
    if (was) keepGrowing(was, core);
  }
}

/** CPU times, context switches, interrupts, forks and boot time. */
export const cpu: Collector<'cpu', CpuReading> = {
  name: 'cpu',
  lane: 'fast',
  sources: ['/proc/stat'],
  remedy: 'Mount /proc; in a container, allow /proc/stat to be read.',
  groups: cpuGroups,
  open(host) {
    const file = host.keep('/proc/stat');
    const cursor = new ByteCursor();
    let before: CpuReading | undefined;
    return {
      read() {
        const now = parseStat(cursor.reset(file.readOnce()));
        if (before) settle(before, now);
        before = now;
        return now;
      },
      close: file.close,
    };
  },
};
