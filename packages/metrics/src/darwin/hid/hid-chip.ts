import type { SensorChip } from '../../domain/sensors.ts';
import type { GapSink } from '../../model/gap.ts';
import { bareChip } from '../sensor-chip.ts';
import { plausible } from '../smc/smc-chip.ts';
import type { HidTemperature } from './temperatures.ts';

const CHIP = 'hid';

/** `tcal` is what others are calibrated with: it says 51.9 all the time. */
const NO_SENSOR = /\btcal\b/;

/** A label for people, of Apple's name: cores of the CPU and GPU are `pACC MTR Temp Sensor0`, `eACC ...`, `GPU MTR ...`. */
function labelOf(name: string): string {
  const [, kind, number = ''] = /^(?<kind>[pe]ACC|GPU) MTR Temp Sensor(?<number>\d+(?: #\d+)?)$/.exec(name) ?? [];
  if (kind === undefined) return name;
  return kind === 'GPU' ? `GPU ${number}` : `CPU ${kind === 'pACC' ? 'performance' : 'efficiency'} core ${number}`;
}

/** The letters of a name that stand in the name of a sensor: what is none of them is an underscore. */
const idOf = (name: string): string => name.replaceAll(/[^\dA-Za-z]+/g, '_').replaceAll(/^_+|_+$/g, '');

/** The HID sensors as a chip. */
export function hidChip(read: readonly HidTemperature[], gaps: GapSink): SensorChip {
  const temperatures = read
    .filter(({ name }) => !NO_SENSOR.test(name))
    .map(({ name, celsius }) => ({
      chip: CHIP,
      sensor: `temp_${idOf(name)}`,
      label: labelOf(name),
      alarm: null,
      other: {},
      value: plausible(celsius),
      min: null,
      max: null,
      crit: null,
      emergency: null,
      fault: null,
    }));
  const asleep = temperatures.filter(({ value }) => value === null).length;
  if (asleep > 0)
    gaps.add(
      'sensors.chips.temperatures.value',
      'suspended',
      `${asleep} HID sensors are of parts that are switched off now, or say nothing.`,
    );
  return { ...bareChip(CHIP), temperatures };
}
