import type { SensorsReading } from './sensors.ts';

/** The chips of macOS, which measure everything. */
const CHIPS: ReadonlySet<string> = new Set(['smc', 'hid']);

/**
 * The temperature of the hottest place of a GPU in celsius, of a machine whose GPUs do not tell it themselves: Macs, of which sensors do.
 * Null when none does.
 */
export function gpuTemperature(sensors: SensorsReading | null): number | null {
  const measured = (sensors?.chips ?? [])
    .filter(({ name }) => CHIPS.has(name ?? ''))
    .flatMap(({ temperatures }) =>
      temperatures.flatMap(({ label, value }) => (value !== null && label?.startsWith('GPU ') ? [value] : [])),
    );
  return measured.length === 0 ? null : Math.max(...measured);
}
