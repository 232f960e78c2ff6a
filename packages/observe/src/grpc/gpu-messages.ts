import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AppleThermal } from '@hecate/metrics';
import { gpuFigures } from '../record/gpu-figures.ts';
import type { Frame } from '../serve/hub.ts';
import type { GpuSchema, ThermalSchema } from './gen/hecate/v1/machine_pb.ts';
import { known, wholeKnown } from './number.ts';

/** The GPUs of a frame, with their rates; most machines have none, and then nothing is made. */
export function gpuMessages({ snapshot: { gpu: gpus }, rates, row }: Frame): MessageInitShape<typeof GpuSchema>[] {
  if (gpus === null || gpus.length === 0) return [];
  return Array.from(gpuFigures(gpus, rates.gpu, row), ({ gpu, rate, usage, hertz, watts, celsius }) => ({
    id: gpu.id,
    name: known(gpu.name),
    vendor: known(gpu.vendor),
    driver: known(gpu.driver),
    card: known(gpu.card),
    uuid: known(gpu.uuid),
    cores: known(gpu.cores),
    suspended: known(gpu.suspended),
    unified: known(gpu.unified),
    usage: known(usage),
    rendererUsage: known(gpu.rendererUsage),
    tilerUsage: known(gpu.tilerUsage),
    mediaUsage: known(gpu.mediaUsage),
    memoryUsage: known(gpu.memoryUsage),
    memoryTotal: wholeKnown(gpu.memoryTotal),
    memoryUsed: wholeKnown(gpu.memoryUsed),
    memoryShared: wholeKnown(gpu.memoryShared),
    memoryLimit: wholeKnown(gpu.memoryLimit),
    frequency: known(hertz),
    maxFrequency: known(gpu.maxFrequency),
    memoryFrequency: known(gpu.memoryFrequency),
    power: known(watts),
    powerLimit: known(gpu.powerLimit),
    energy: known(gpu.energy),
    temperature: known(celsius),
    fan: known(gpu.fan),
    fanSpeed: known(gpu.fanSpeed),
    resets: wholeKnown(gpu.resets),
    idleTime: known(gpu.idleTime),
    states: gpu.states.map(({ state, frequency, active, time }) => ({ state, frequency: known(frequency), active, time })),
    active: known(rate?.active),
    awake: known(rate?.awake),
    meanFrequency: known(rate?.frequency),
    meanPower: known(rate?.power),
  }));
}

/** How hard heat presses; nothing where the system is not macOS. */
export function thermalMessage(apple: AppleThermal | undefined): MessageInitShape<typeof ThermalSchema> | undefined {
  return apple && { pressure: known(apple.pressure), cpuLevel: known(apple.cpuLevel) };
}
