import { cpuGroups } from '../domain/cpu.ts';
import type { CoreTimes, CpuReading } from '../domain/cpu.ts';
import type { Collector } from '../model/collector.ts';
import type { Darwin } from './binding/darwin.ts';
import { readBootTime } from './boot-time.ts';
import { readField } from './layout/layout.ts';
import { PROCESSOR_LOAD } from './layout/processor.ts';
import { readProcessorLoad } from './mach/processor-load.ts';
import { ask, lacks, openReader } from './reader.ts';

/** Ticks a second, on every Mac (`kern.clockrate`). */
const TICKS = 100;
const AROUND = 2 ** 32;
const MODES = ['user', 'system', 'idle', 'nice'] as const;

/** Ticks since boot that go on where the kernel's 32 bits begin again, after 497 days of one mode. */
interface Ticks {
  /** As the kernel said them at the last read. */
  readonly last: Float64Array;
  readonly whole: Float64Array;
}

/** Takes over what the kernel says of mode `mode`. What fell a little did not wrap: it stays what it was. */
function advance({ last, whole }: Ticks, mode: number, now: number): number {
  const grown = now - last[mode]!;
  if (grown >= 0) whole[mode]! += grown;
  else if (-grown > AROUND / 2) whole[mode]! += grown + AROUND;
  last[mode] = now;
  return whole[mode]! / TICKS;
}

/** Modes that macOS does not know. */
const UNKNOWN = { iowait: null, irq: null, softirq: null, steal: null, guestUser: null, guestNice: null } as const;

function timesOf(load: Buffer, base: number, ticks: Ticks): Omit<CoreTimes, 'cpu'> {
  const [user, system, idle, nice] = MODES.map((mode, index) =>
    advance(ticks, index, readField(load, PROCESSOR_LOAD.fields[mode], base)),
  ) as [number, number, number, number];
  return { user, nice, system, idle, ...UNKNOWN };
}

/** The CPU times of all cores, and what the machine counts beside them, which is little. */
function readCpu(darwin: Darwin, ticks: Ticks[]): Pick<CpuReading, 'total' | 'cores'> {
  const load = readProcessorLoad(darwin);
  const cores: CoreTimes[] = [];
  const total = { user: 0, nice: 0, system: 0, idle: 0, ...UNKNOWN };
  for (let cpu = 0; cpu < load.length / PROCESSOR_LOAD.size; cpu++) {
    const own = (ticks[cpu] ??= { last: new Float64Array(MODES.length), whole: new Float64Array(MODES.length) });
    const core = { cpu, ...timesOf(load, cpu * PROCESSOR_LOAD.size, own) };
    for (const mode of MODES) total[mode] += core[mode];
    cores.push(core);
  }
  return { total, cores };
}

/** CPU times of each core, and boot time. */
export const cpu: Collector<'cpu', CpuReading> = {
  name: 'cpu',
  lane: 'fast',
  sources: ['host_processor_info(PROCESSOR_CPU_LOAD_INFO)', 'sysctl kern.boottime'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: cpuGroups,
  open: (machine) =>
    openReader(machine, (darwin) => {
      const ticks: Ticks[] = [];
      return (gaps) => {
        lacks(
          gaps,
          Object.keys(UNKNOWN).flatMap((mode) => [`cpu.total.${mode}`, `cpu.cores.${mode}`]),
          'macOS does not tell this mode apart.',
        );
        lacks(
          gaps,
          ['contextSwitches', 'interrupts', 'forks', 'procsRunning', 'procsBlocked'].map((name) => `cpu.${name}`),
          'macOS has no such counter for programs.',
        );
        return {
          ...readCpu(darwin, ticks),
          contextSwitches: null,
          interrupts: null,
          forks: null,
          procsRunning: null,
          procsBlocked: null,
          bootTime: ask(gaps, 'cpu.bootTime', () => readBootTime(darwin)),
        };
      };
    }),
};
