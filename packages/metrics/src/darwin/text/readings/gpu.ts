import { UNKNOWN_GPU } from '../../../domain/gpu.ts';
import type { GpuReading } from '../../../domain/gpu.ts';
import { textAt } from '../../core-foundation/dictionary.ts';
import type { CfDictionary } from '../../core-foundation/value.ts';
import { gpuOf } from '../../gpu/accelerator.ts';
import { openGpuIds } from '../../gpu/list.ts';
import type { ProfilerGpu } from '../system-profiler/displays.ts';

const VENDORS: readonly string[] = ['apple', 'intel', 'amd', 'nvidia'];

function vendorOf({ vendor }: ProfilerGpu): string | null {
  const said = vendor?.toLowerCase() ?? '';
  return VENDORS.find((one) => said.startsWith(one)) ?? vendor;
}

/** Memory of its own: what system_profiler says of Apple's and of Intel's is that of the machine. */
const ownMemory = (gpu: ProfilerGpu): number | null => (['apple', 'intel'].includes(vendorOf(gpu) ?? '') ? null : gpu.memory);

/**
 * GPUs from `ioreg -a -l -r -c IOAccelerator`, as the native tier has them, but for what their PCI devices tell (names of Intel's and
 * AMD's) and for what the chip counts (states).
 */
export function gpusFromIoreg(accelerators: readonly CfDictionary[]): GpuReading[] {
  const idOf = openGpuIds();
  return accelerators.map((entry) => gpuOf(idOf(textAt(entry, 'IORegistryEntryName')), entry, {}));
}

/** GPUs from system_profiler alone: names, vendors, cores, memory of their own. They are known by their place in its list. */
export function gpusFromProfiler(gpus: readonly ProfilerGpu[]): GpuReading[] {
  return gpus.map((gpu, index): GpuReading => {
    const { name, cores } = gpu;
    return { ...UNKNOWN_GPU, id: `gpu${index}`, name, vendor: vendorOf(gpu), cores, memoryTotal: ownMemory(gpu) };
  });
}

/** Names, and memory of their own, of system_profiler, for those without a name of which it has just one of the same vendor. */
export function named(gpus: readonly GpuReading[], told: readonly ProfilerGpu[]): GpuReading[] {
  return gpus.map((gpu) => {
    const [one, ...more] = told.filter((each) => gpu.vendor !== null && vendorOf(each) === gpu.vendor);
    if (gpu.name !== null || !one || more.length > 0) return gpu;
    return { ...gpu, name: one.name, memoryTotal: gpu.memoryTotal ?? ownMemory(one) };
  });
}
