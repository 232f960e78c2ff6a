import { readSmcNumber } from '@hecate/host';
import type { Smc } from '@hecate/host';
import { isNoSpeed } from '../../domain/sensors.ts';
import type { FanSensor, MeasuredRow, PwmMode, SensorChip } from '../../domain/sensors.ts';
import type { GapSink } from '../../model/gap.ts';
import { bareChip } from '../sensor-chip.ts';
import type { SmcFan, SmcKeys, SmcSensor } from './smc-keys.ts';

const CHIP = 'smc';

/** Celsius that a sensor of a running Mac can have. A cluster of cores that is switched off says what lies outside: -4, 2.2, 6.7. */
const COLDEST = 15;
const HOTTEST = 150;
const PREFIXES = { temperatures: 'temp', powers: 'power', voltages: 'in', currents: 'curr' } as const;

function measured({ list, label, key }: SmcSensor, value: number | null): MeasuredRow {
  return { chip: CHIP, sensor: `${PREFIXES[list]}_${key.key}`, label, alarm: null, other: {}, value, min: null, max: null };
}

/** A temperature as it is; null for one that means that nothing is measured now. */
export const plausible = (celsius: number | null): number | null =>
  celsius !== null && celsius >= COLDEST && celsius <= HOTTEST ? celsius : null;

/** What of a mask of fans is set: those whose speed somebody has set. */
const isForced = (mask: number | null, fan: number): boolean => mask !== null && (mask & (1 << fan)) !== 0;

/** 0 and 3 are the firmware and the system, 1 is somebody; null where neither a mode nor a mask is there. */
function modeOf(mode: number | null, mask: number | null, fan: number): PwmMode | null {
  if (mode !== null) return mode === 1 ? 'manual' : 'automatic';
  return mask === null ? null : isForced(mask, fan) ? 'manual' : 'automatic';
}

/** Turns of a minute; null for what means that nobody counts. */
const turns = (value: number | null): number | null => (value === null || isNoSpeed(value) ? null : value);

function fanRow(smc: Smc, fan: SmcFan, mask: number | null): FanSensor {
  const { number, label, actual, least, most, target, mode } = fan;
  return {
    chip: CHIP,
    sensor: `fan${number}`,
    label,
    alarm: null,
    other: {},
    value: turns(readSmcNumber(smc, actual)),
    min: turns(readSmcNumber(smc, least)),
    max: turns(readSmcNumber(smc, most)),
    target: turns(readSmcNumber(smc, target)),
    fault: null,
    pwm: null,
    pwmMode: modeOf(readSmcNumber(smc, mode), mask, number),
  };
}

/** The controller as a chip: one call for each key that is read. Its limits are not known: it keeps them to itself. */
export function smcChip(smc: Smc, keys: SmcKeys, gaps: GapSink): SensorChip {
  const chip = bareChip(CHIP);
  const temperatures = [];
  let asleep = 0;
  for (const sensor of keys.sensors) {
    const value = readSmcNumber(smc, sensor.key);
    if (sensor.list === 'temperatures') {
      const celsius = plausible(value);
      if (celsius === null) asleep++;
      temperatures.push({ ...measured(sensor, celsius), crit: null, emergency: null, fault: null });
    } else {
      const row = measured(sensor, value);
      if (value === null) gaps.add(`sensors.chips.${sensor.list}.value`, 'absent', `The SMC says nothing for ${sensor.key.key}.`);
      if (sensor.list === 'powers') chip.powers.push({ ...row, average: null, input: value, cap: null, crit: null });
      else if (sensor.list === 'voltages') chip.voltages.push(row);
      else chip.currents.push({ ...row, crit: null });
    }
  }
  if (asleep > 0)
    gaps.add(
      'sensors.chips.temperatures.value',
      'suspended',
      `${asleep} of ${temperatures.length} temperatures of the SMC are of parts that are switched off now.`,
    );
  const mask = readSmcNumber(smc, keys.mask);
  const fans = keys.fans.map((fan) => fanRow(smc, fan, mask));
  for (const { sensor, value } of fans)
    if (value === null) gaps.add('sensors.chips.fans.value', 'absent', `The SMC counts no turns of ${sensor}.`);
  return { ...chip, temperatures, fans };
}
