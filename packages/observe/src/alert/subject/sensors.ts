import type { FanSensor, TemperatureSensor } from '@hecate/metrics';
import type { Frame } from '../../serve/hub.ts';
import { flag, subject } from './subject.ts';
import type { AnySubject } from './subject.ts';

/** Celsius below which no chip is made to switch off: what drivers give there is no limit. */
const LEAST_LIMIT = 40;

interface Named<Sensor> {
  /** As its series is called. */
  readonly name: string;
  /** As its maker calls it. */
  readonly label: string;
  readonly sensor: Sensor;
}

function* sensorsOf<Kind extends 'temperatures' | 'fans'>(
  { snapshot }: Frame,
  kind: Kind,
): Generator<Named<Kind extends 'fans' ? FanSensor : TemperatureSensor>> {
  for (const chip of snapshot.sensors?.chips ?? []) {
    if (chip.suspended) continue;
    for (const sensor of chip[kind]) {
      const label = `${chip.name ?? chip.id} ${sensor.label ?? sensor.sensor}`;
      const named = { name: `${chip.id}_${sensor.sensor}`, label, sensor };
      yield named as Named<Kind extends 'fans' ? FanSensor : TemperatureSensor>;
    }
  }
}

/** Temperature sensors, by chip and number. */
export const TEMPERATURE: AnySubject = subject<Named<TemperatureSensor>>({
  name: 'temperature',
  pace: 'slow',
  rows: (frame) => (frame.snapshot.sensors ? sensorsOf(frame, 'temperatures') : null),
  objectOf: ({ name }) => name,
  labelOf: ({ label }) => label,
  readings: {
    celsius: { unit: 'celsius', help: 'the temperature', value: ({ sensor }) => sensor.value },
    margin: {
      unit: 'celsius',
      help: 'degrees below the critical temperature that the sensor names itself',
      value: ({ sensor: { value, crit } }) => (value === null || crit === null || crit < LEAST_LIMIT ? null : crit - value),
    },
  },
});

/** Fans, by chip and number. */
export const FAN: AnySubject = subject<Named<FanSensor>>({
  name: 'fan',
  pace: 'slow',
  rows: (frame) => (frame.snapshot.sensors ? sensorsOf(frame, 'fans') : null),
  objectOf: ({ name }) => name,
  labelOf: ({ label }) => label,
  readings: {
    rpm: { unit: 'count', help: 'revolutions per minute', value: ({ sensor }) => sensor.value },
    fault: { unit: 'count', help: '1 when the chip says that it is broken', value: ({ sensor }) => flag(sensor.fault) },
  },
});
