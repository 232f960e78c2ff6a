import { gpuFrequency, gpuPower, gpuUsage } from '@hecate/metrics';
import type { GpuRates, GpuReading } from '@hecate/metrics';
import { COLUMN_INDEX } from './columns.ts';

/** One GPU with the figures that people ask for, whoever tells them. Null: nobody does. */
export interface GpuFigures {
  readonly gpu: GpuReading;
  /** Undefined before the second sample. */
  readonly rate: GpuRates | undefined;
  /** Share of the time in which it was busy, 0 to 1. */
  readonly usage: number | null;
  readonly hertz: number | null;
  readonly watts: number | null;
  readonly celsius: number | null;
}

/** Each of these GPUs with its figures: `rates` and `row` are of the same moment. */
export function* gpuFigures(
  gpus: readonly GpuReading[],
  rates: readonly GpuRates[] | null,
  row: readonly (number | null)[],
): Generator<GpuFigures, void, undefined> {
  // A figure of all GPUs together: of the only one it is its own, whoever told (the chip, a sensor).
  const onlyOne = (column: string): number | null => (gpus.length === 1 ? (row[COLUMN_INDEX.get(column)!] ?? null) : null);
  for (const gpu of gpus) {
    const rate = rates?.find(({ id }) => id === gpu.id);
    yield {
      gpu,
      rate,
      usage: gpuUsage(gpu, rate),
      hertz: gpuFrequency(gpu, rate),
      watts: gpuPower(gpu, rate) ?? onlyOne('gpu_power_watts'),
      celsius: gpu.temperature ?? onlyOne('gpu_temperature_celsius'),
    };
  }
}
