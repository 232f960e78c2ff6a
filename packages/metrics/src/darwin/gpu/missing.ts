import type { GpuReading } from '../../domain/gpu.ts';
import type { GapSink } from '../../model/gap.ts';

/** Why macOS does not tell something of a GPU, where that is not its driver's affair. */
const REASONS: Partial<Readonly<Record<keyof GpuReading, string>>> = {
  card: 'macOS has no such name.',
  uuid: 'macOS has no such number.',
  mediaUsage: 'macOS does not count this.',
  memoryUsage: 'macOS does not count this.',
  memoryTotal: 'It takes its memory from that of the machine, or its driver does not tell.',
  memoryLimit: "Nobody set iogpu.wired_limit_mb; Metal's own limit is told to Objective-C alone.",
  frequency: 'Its driver does not tell of now; where it counts states, the rates have the mean.',
  power: 'Its driver does not tell; on Apple silicon the rates of energy have it.',
  powerLimit: 'macOS has no such limit.',
  energy: 'On Apple silicon the energy of the chip has it; other drivers do not count.',
  temperature: 'Its driver does not tell; on Apple silicon the sensors do.',
  fan: 'Its driver does not tell; the fans of a Mac are sensors.',
  idleTime: 'macOS does not count this; on Apple silicon the states have it.',
  suspended: 'It has no switch, or nobody says how it stands.',
};

const ASLEEP = 'It is switched off.';

/** Says of everything that is null why. */
export function explainMissing(gaps: GapSink, gpus: readonly GpuReading[]): void {
  for (const gpu of gpus)
    for (const [key, value] of Object.entries(gpu)) {
      if (value !== null) continue;
      const detail = gpu.suspended === true ? ASLEEP : (REASONS[key as keyof GpuReading] ?? 'The driver of this GPU does not tell.');
      gaps.add(`gpu.${key}`, gpu.suspended === true ? 'suspended' : 'unsupported', detail);
    }
}
