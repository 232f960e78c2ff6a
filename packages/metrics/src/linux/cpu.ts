import { cpuGroups, keepGrowing } from '../domain/cpu.ts';
import type { CoreTimes, CpuReading, CpuTimes } from '../domain/cpu.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { HecateError } from '@hecate/host';

/** Clock ticks a second in everything that the kernel shows to users; 100 on every Linux that Node runs on. */
export const USER_HZ = 100;

function readTimes(cursor: ByteCursor): CpuTimes {
  // Old kernels have fewer columns: steal since 2.6.11, guest since 2.6.24, guest_nice since 2.6.33.
  const next = (): number => (cursor.lineDone ? 0 : cursor.integer() / USER_HZ);
  return {
    user: next(),
    nice: next(),
    system: next(),
    idle: next(),
    iowait: next(),
    irq: next(),
    softirq: next(),
    steal: next(),
    guestUser: next(),
    guestNice: next(),
  };
}

/**
 * /proc/stat (kernel: Documentation/filesystems/proc.rst, 1.7). Lines that are not there are null;
 * throws FAILED when there is no `cpu` line or a number is malformed.
 */
export function parseStat(cursor: ByteCursor): CpuReading {
  let total: CpuTimes | undefined;
  const cores: CoreTimes[] = [];
  const single: Record<string, number | null> = {
    ctxt: null,
    intr: null,
    processes: null,
    procs_running: null,
    procs_blocked: null,
    btime: null,
  };
  for (; !cursor.done; cursor.nextLine()) {
    if (cursor.match('cpu ')) total = readTimes(cursor);
    else if (cursor.match('cpu')) {
      const cpu = cursor.integer();
      cores.push({ cpu, ...readTimes(cursor) });
    } else {
      const name = cursor.word();
      if (name in single && !cursor.lineDone) single[name] = cursor.integer();
    }
  }
  if (!total) throw new HecateError('FAILED', '/proc/stat has no cpu line.');
  return {
    total,
    cores,
    contextSwitches: single['ctxt']!,
    interrupts: single['intr']!,
    forks: single['processes']!,
    procsRunning: single['procs_running']!,
    procsBlocked: single['procs_blocked']!,
    bootTime: single['btime']!,
  };
}

/** Makes no time go back since the reading before. CPUs that were not in it are left as they are. */
function settle(before: CpuReading, now: CpuReading): void {
  keepGrowing(before.total, now.total);
  for (const [index, core] of now.cores.entries()) {
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
        const now = parseStat(cursor.reset(file.read()));
        if (before) settle(before, now);
        before = now;
        return now;
      },
      close: file.close,
    };
  },
};
