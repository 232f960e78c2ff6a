import { cpuGroups } from '../domain/cpu.ts';
import type { CoreTimes, CpuReading } from '../domain/cpu.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import type { Darwin } from './binding/darwin.ts';
import { readBootTime } from './boot-time.ts';
import { lackModes, UNKNOWN_COUNTERS, UNKNOWN_MODES } from './cpu-modes.ts';
import { withPrograms } from './fallback.ts';
import { readField } from './layout/layout.ts';
import { PROCESSOR_LOAD } from './layout/processor.ts';
import { readProcessorLoad } from './mach/processor-load.ts';
import { ask, openReader } from './reader.ts';
import { cpuTier } from './text/tiers.ts';

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

function timesOf(load: Buffer, base: number, ticks: Ticks): Omit<CoreTimes, 'cpu'> {
  const [user, system, idle, nice] = MODES.map((mode, index) =>
    advance(ticks, index, readField(load, PROCESSOR_LOAD.fields[mode], base)),
  ) as [number, number, number, number];
  return { user, nice, system, idle, ...UNKNOWN_MODES };
}

/** The CPU times of all cores, and what the machine counts beside them, which is little. */
function readCpu(darwin: Darwin, ticks: Ticks[]): Pick<CpuReading, 'total' | 'cores'> {
  const load = readProcessorLoad(darwin);
  const cores: CoreTimes[] = [];
  const total = { user: 0, nice: 0, system: 0, idle: 0, ...UNKNOWN_MODES };
  for (let cpu = 0; cpu < load.length / PROCESSOR_LOAD.size; cpu++) {
    const own = (ticks[cpu] ??= { last: new Float64Array(MODES.length), whole: new Float64Array(MODES.length) });
    const core = { cpu, ...timesOf(load, cpu * PROCESSOR_LOAD.size, own) };
    for (const mode of MODES) total[mode] += core[mode];
    cores.push(core);
  }
  return { total, cores };
}

function openCpu(darwin: Darwin): (gaps: GapSink) => CpuReading {
  const ticks: Ticks[] = [];
  return (gaps) => {
    lackModes(gaps);
    return { ...readCpu(darwin, ticks), ...UNKNOWN_COUNTERS, bootTime: ask(gaps, 'cpu.bootTime', () => readBootTime(darwin)) };
  };
}

/** CPU times of each core, and boot time. */
export const cpu: Collector<'cpu', CpuReading> = {
  name: 'cpu',
  lane: 'fast',
  sources: ['host_processor_info(PROCESSOR_CPU_LOAD_INFO)', 'sysctl kern.boottime', 'else Node.js and sysctl(8)'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: cpuGroups,
  open: (machine) => withPrograms(machine, openReader(machine, openCpu), cpuTier),
};
