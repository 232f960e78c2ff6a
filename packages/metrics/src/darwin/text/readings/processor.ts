import type { EnergyRates, ZonePower } from '../../../domain/energy.ts';
import type { FrequencyPolicy, FrequencyReading } from '../../../domain/frequency.ts';
import { measuredPolicy, NONE } from '../../frequency/limits.ts';
import type { PowermetricsCluster } from '../powermetrics/processor.ts';
import type { PowermetricsSample } from '../powermetrics/sample.ts';

const KINDS = { cpu: 'cpu', gpu: 'gpu', ane: 'ane', dram: 'dram' } as const;

/**
 * Watts from a sample of powermetrics: the chip as `package`, and in it `cpu`, `gpu`, `ane`; `dram` stands beside. A part that it does not tell is
 * left out. Null where it tells of none.
 */
export function energyFromPowermetrics({ power }: PowermetricsSample): EnergyRates | null {
  const parent = power.total === null ? null : 'powermetrics:package';
  const parts = Object.entries(KINDS).flatMap(([name, kind]): ZonePower[] => {
    const watts = power[name as keyof typeof KINDS];
    const above = kind === 'dram' ? null : parent;
    return watts === null ? [] : [{ zone: `powermetrics:${name}`, name, kind, parent: above, power: watts }];
  });
  const whole: ZonePower[] = parent === null ? [] : [{ zone: parent, name: 'package', kind: 'package', parent: null, power: power.total }];
  return parts.length + whole.length === 0 ? null : { zones: [...whole, ...parts], packagePower: power.total };
}

/** The frequency at which a cluster or a CPU was while it worked; null where it did not, or was switched off. */
const workedAt = (frequency: number | null): number | null => frequency || null;

function policyOf({ name, frequency, states, cpus }: PowermetricsCluster): FrequencyPolicy {
  const table = states.map((state) => state.frequency).filter((one) => one > 0);
  return measuredPolicy({ policy: name, cpus: cpus.map(({ cpu }) => cpu), current: workedAt(frequency) }, table);
}

/**
 * Frequencies from a sample of powermetrics, averaged over the time that they worked: the clusters as policies, and the clocks of the CPUs.
 * A CPU whose clock it does not tell, or that did not work, has none.
 */
export function frequencyFromPowermetrics({ clusters }: PowermetricsSample): FrequencyReading {
  const clocks = clusters
    .flatMap(({ cpus }) => cpus)
    .flatMap(({ cpu, frequency }) => {
      const clock = workedAt(frequency);
      return clock === null ? [] : [{ cpu, package: null, core: null, frequency: clock }];
    });
  return { ...NONE, policies: clusters.map(policyOf), clocks };
}
