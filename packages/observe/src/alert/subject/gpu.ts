import type { GpuReading } from '@hecate/metrics';
import { gpuFigures } from '../../record/gpu-figures.ts';
import type { GpuFigures } from '../../record/gpu-figures.ts';
import { gpuNames } from '../../record/object-names.ts';
import type { Frame } from '../../serve/hub.ts';
import { flag, percentOf, subject } from './subject.ts';
import type { AnySubject } from './subject.ts';

interface NamedGpu extends GpuFigures {
  /** As people call it. */
  readonly label: string;
}

function* gpusOf(gpus: readonly GpuReading[], { rates, row }: Frame): Generator<NamedGpu> {
  const names = gpuNames(gpus);
  let index = 0;
  for (const figures of gpuFigures(gpus, rates.gpu, row)) yield { ...figures, label: names[index++]! };
}

/** GPUs, by their ids; figures are those of the series `gpu.*`. */
export const GPU: AnySubject = subject<NamedGpu>({
  name: 'gpu',
  pace: 'slow',
  rows: (frame) => frame.snapshot.gpu && gpusOf(frame.snapshot.gpu, frame),
  objectOf: ({ gpu }) => gpu.id,
  labelOf: ({ label }) => label,
  readings: {
    usage_percent: { unit: 'percent', help: 'time in which it was busy', value: ({ usage }) => percentOf(usage, 1) },
    memory_used: { unit: 'bytes', help: 'memory in use: its own, or of the machine where it has none', value: ({ gpu }) => gpu.memoryUsed },
    memory_used_percent: {
      unit: 'percent',
      help: 'share of its own memory in use; unknown where it has none',
      value: ({ gpu }) => percentOf(gpu.memoryUsed, gpu.memoryTotal),
    },
    power_watts: { unit: 'watts', help: 'power', value: ({ watts }) => watts },
    power_percent: {
      unit: 'percent',
      help: 'power, of the most that it may take',
      value: ({ gpu, watts }) => percentOf(watts, gpu.powerLimit),
    },
    celsius: { unit: 'celsius', help: 'the temperature', value: ({ celsius }) => celsius },
    frequency_hertz: { unit: 'hertz', help: 'clock', value: ({ hertz }) => hertz },
    fan_percent: { unit: 'percent', help: 'speed of its fan, of the highest', value: ({ gpu }) => percentOf(gpu.fan, 1) },
    resets: { unit: 'count', help: 'times that its driver had to start it again', value: ({ gpu }) => gpu.resets },
    nvidia: {
      unit: 'count',
      help: '1 where the driver of NVIDIA drives it: no sensor names a limit for its temperature',
      value: ({ gpu }) => flag(gpu.driver === null ? null : gpu.driver === 'nvidia'),
    },
  },
});
