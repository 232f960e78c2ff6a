import type { EnergyRates, ZonePower } from '../../../domain/energy.ts';
import type { FrequencyReading } from '../../../domain/frequency.ts';
import type { PowermetricsSample } from '../powermetrics/sample.ts';

const KINDS = { cpu: 'core', gpu: 'other', ane: 'other', dram: 'dram' } as const;

/**
 * Watts from a sample of powermetrics: the chip as `package`, and in it `cpu`, `gpu`, `ane`, `dram`. A part that it does not tell is
 * left out. Null where it tells of none.
 */
export function energyFromPowermetrics({ power }: PowermetricsSample): EnergyRates | null {
  const parent = power.total === null ? null : 'powermetrics:package';
  const parts = Object.entries(KINDS).flatMap(([name, kind]): ZonePower[] => {
    const watts = power[name as keyof typeof KINDS];
    return watts === null ? [] : [{ zone: `powermetrics:${name}`, name, kind, parent, power: watts }];
  });
  const whole: ZonePower[] = parent === null ? [] : [{ zone: parent, name: 'package', kind: 'package', parent: null, power: power.total }];
  return parts.length + whole.length === 0 ? null : { zones: [...whole, ...parts], packagePower: power.total };
}

/** Clocks of the CPUs from a sample of powermetrics, averaged over the time they worked. A CPU whose clock it does not tell is left out. */
export function frequencyFromPowermetrics({ clusters }: PowermetricsSample): FrequencyReading {
  const clocks = clusters
    .flatMap(({ cpus }) => cpus)
    .flatMap(({ cpu, frequency }) => (frequency === null ? [] : [{ cpu, package: null, core: null, frequency }]));
  return { policies: [], clocks, boost: null, coreThrottles: [], packageThrottles: [] };
}
