import { HecateError, nativeBuffer } from '@hecate/host';
import { memoryGroups } from '../domain/memory.ts';
import type { AppleMemory, MemoryReading } from '../domain/memory.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import type { Darwin } from './binding/darwin.ts';
import { withPrograms } from './fallback.ts';
import { readField } from './layout/layout.ts';
import { SWAP_USAGE, VM_STATISTICS } from './layout/memory.ts';
import { sysctlInteger, sysctlInto } from './libsystem/sysctl.ts';
import { lackLinuxOnly, LINUX_ONLY, memoryLines, usedMemory } from './memory-formula.ts';
import { MEMORY_LEVELS } from './memory-levels.ts';
import { readVmStatistics } from './mach/vm-statistics.ts';
import { ask, openReader } from './reader.ts';
import { memoryTier } from './text/tiers.ts';

interface Swap {
  readonly total: number;
  readonly free: number;
  readonly used: number;
}

function readSwap(darwin: Darwin): Swap {
  const bytes = nativeBuffer(SWAP_USAGE.size);
  const written = sysctlInto(darwin, 'vm.swapusage', bytes);
  const { total, available, used } = SWAP_USAGE.fields;
  if (written < SWAP_USAGE.size) throw new HecateError('FAILED', `sysctl vm.swapusage answered ${written} bytes only.`);
  return { total: readField(bytes, total), free: readField(bytes, available), used: readField(bytes, used) };
}

function readPressure(darwin: Darwin): AppleMemory['pressure'] {
  const level = sysctlInteger(darwin, 'kern.memorystatus_vm_pressure_level');
  const word = MEMORY_LEVELS[level];
  if (word === undefined) throw new HecateError('FAILED', `The memory pressure level is ${level}, which is not known.`);
  return word;
}

/** What of the statistics is in pages, as bytes; what is in events, as it is. */
function readPages(darwin: Darwin, page: number): Omit<AppleMemory, 'pressure'> & Readonly<Record<'free' | 'active' | 'inactive', number>> {
  const statistics = readVmStatistics(darwin);
  const count = (name: keyof typeof VM_STATISTICS.fields): number => readField(statistics, VM_STATISTICS.fields[name]);
  const bytes = (name: keyof typeof VM_STATISTICS.fields): number => count(name) * page;
  return {
    free: bytes('free'),
    active: bytes('active'),
    inactive: bytes('inactive'),
    wired: bytes('wired'),
    purgeable: bytes('purgeable'),
    speculative: bytes('speculative'),
    compressor: bytes('compressor'),
    compressed: bytes('compressed'),
    fileBacked: bytes('external'),
    applications: bytes('internal'),
    pageIns: count('pageIns'),
    pageOuts: count('pageOuts'),
    faults: count('faults'),
    compressions: count('compressions'),
    decompressions: count('decompressions'),
    swapIns: count('swapIns'),
    swapOuts: count('swapOuts'),
  };
}

function readMemory(darwin: Darwin, gaps: GapSink): MemoryReading {
  // Both stay what they are, but a machine is asked for them in microseconds.
  const total = sysctlInteger(darwin, 'hw.memsize');
  const { free, active, inactive, ...apple } = readPages(darwin, sysctlInteger(darwin, 'hw.pagesize'));
  const { wired, speculative, compressor, compressed, purgeable, fileBacked, applications } = apple;
  const used = usedMemory({ active, inactive }, apple, total);
  const swap = ask(gaps, ['memory.swapTotal', 'memory.swapFree', 'memory.swapUsed'], () => readSwap(darwin));
  const pressure = ask(gaps, 'memory.apple.pressure', () => readPressure(darwin));
  lackLinuxOnly(gaps);
  return {
    ...LINUX_ONLY,
    total,
    // The kernel counts speculative pages in it.
    free: Math.max(0, free - speculative),
    available: total - used,
    used,
    cached: purgeable + fileBacked,
    active,
    inactive,
    anonymous: applications,
    swapTotal: swap && swap.total,
    swapFree: swap && swap.free,
    swapUsed: swap && swap.used,
    lines: memoryLines({
      ...{ total, free, active, inactive, wired, purgeable, compressed: compressor, internal: applications },
      swap_total: swap && swap.total,
      swap_used: swap && swap.used,
    }),
    apple: { ...apple, pressure, compressed },
  };
}

/** Memory and swap. */
export const memory: Collector<'memory', MemoryReading> = {
  name: 'memory',
  lane: 'fast',
  sources: [
    'host_statistics64(HOST_VM_INFO64)',
    'sysctl hw.memsize vm.swapusage kern.memorystatus_vm_pressure_level',
    'else vm_stat(1) and sysctl(8)',
  ],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: memoryGroups,
  open: (machine) =>
    withPrograms(
      machine,
      openReader(machine, (darwin) => (gaps) => readMemory(darwin, gaps)),
      memoryTier,
    ),
};
