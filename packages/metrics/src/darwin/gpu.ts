import { gpuGroups } from '../domain/gpu-groups.ts';
import type { GpuReading } from '../domain/gpu.ts';
import type { Collector } from '../model/collector.ts';
import { isRefusal } from '../model/gap.ts';
import type { GapSink } from '../model/gap.ts';
import type { Darwin } from './binding/darwin.ts';
import { withPrograms } from './fallback.ts';
import { ACCELERATOR_KEYS, DEVICE_KEYS, gpuOf } from './gpu/accelerator.ts';
import { mapGpus, propertiesOf } from './gpu/list.ts';
import { explainMissing } from './gpu/missing.ts';
import { GPU_CHANNELS, statesOf } from './gpu/performance-states.ts';
import { openIoReport } from './io-report/report.ts';
import type { IoReport } from './io-report/report.ts';
import { sysctlInteger } from './libsystem/sysctl.ts';
import { once } from './once.ts';
import { readGpuFrequencies } from './pmgr/gpu-frequencies.ts';
import { ask, openReader } from './reader.ts';
import { gpuTier } from './text/chip-tiers.ts';

const MEBI = 2 ** 20;

/** The GPUs, all but what the chip itself counts. */
function readAccelerators(darwin: Darwin): GpuReading[] {
  return mapGpus(darwin, (entry, id) => {
    const device = entry.parentOf('IOPCIDevice');
    return gpuOf(id, propertiesOf(entry, ACCELERATOR_KEYS), device ? propertiesOf(device, DEVICE_KEYS) : {});
  });
}

/** The limit that somebody set; 0 and a system without it: the system's own holds, which nobody tells. */
function readLimit(darwin: Darwin): number | null {
  try {
    const megabytes = sysctlInteger(darwin, 'iogpu.wired_limit_mb');
    return megabytes > 0 ? megabytes * MEBI : null;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return null;
  }
}

/** What the chip itself counts of its own GPU. */
interface ChipGpu {
  read(gaps: GapSink): Pick<GpuReading, 'states' | 'maxFrequency'>;
  close(): void;
}

function openChipGpu(darwin: Darwin): ChipGpu {
  let report: IoReport | undefined;
  const frequencies = once(() => readGpuFrequencies(darwin));
  const subscription = once(() => (report = openIoReport(darwin, GPU_CHANNELS)));
  return {
    read(gaps) {
      const table = ask(gaps, ['gpu.maxFrequency', 'gpu.states.frequency'], frequencies);
      const channels = ask(gaps, 'gpu.states', () => subscription().read());
      return {
        states: channels ? statesOf(channels, table, gaps) : [],
        maxFrequency: table && table.length > 0 ? Math.max(...table) : null,
      };
    },
    close: () => report?.close(),
  };
}

/**
 * The GPUs of a Mac. The driver says how busy they are; of the GPU that is a part of Apple's chip, the chip counts how long it was in
 * which state. Read at every tick: it is a handful of questions, and nothing is woken.
 */
export const gpu: Collector<'gpu', readonly GpuReading[]> = {
  name: 'gpu',
  lane: 'fast',
  sources: [
    'IOAccelerator of the I/O registry',
    'IOReport, group GPU Stats',
    'sysctl iogpu.wired_limit_mb',
    'else ioreg(8) and system_profiler(8)',
  ],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: gpuGroups,
  open(machine) {
    let chip: ChipGpu | undefined;
    const reader = openReader(machine, (darwin) => (gaps) => {
      const found = readAccelerators(darwin);
      const isChips = ({ vendor }: GpuReading): boolean => vendor === 'apple';
      const own = found.some(isChips) ? (chip ??= openChipGpu(darwin)).read(gaps) : null;
      const memoryLimit = own && readLimit(darwin);
      const gpus = found.map((one) => (own && isChips(one) ? { ...one, ...own, memoryLimit } : one));
      explainMissing(gaps, gpus);
      return gpus;
    });
    const native = {
      ...reader,
      close() {
        chip?.close();
        chip = undefined;
      },
    };
    return withPrograms(machine, native, gpuTier());
  },
};
