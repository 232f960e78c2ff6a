import type { Host } from '@hecate/host';
import { frequencyGroups } from '../domain/frequency.ts';
import type { FrequencyReading } from '../domain/frequency.ts';
import { residencyRates } from '../domain/frequency-residency.ts';
import type { ChannelRates, FrequencyChannel } from '../domain/frequency-residency.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import type { Darwin } from './binding/darwin.ts';
import { withPrograms } from './fallback.ts';
import { openChip } from './frequency/chip.ts';
import type { Chip } from './frequency/chip.ts';
import { FIELDS_OF_NOW, intelFrequency, lacksLimits, measuredPolicy, NONE } from './frequency/limits.ts';
import type { Cluster } from './frequency/places.ts';
import { sysctlInteger } from './libsystem/sysctl.ts';
import { ask, lacks, openReader } from './reader.ts';
import { frequencyTier } from './text/chip-tiers.ts';

/** The mean frequency of a cluster while it worked: what its own channel says, otherwise the mean of its cores. Null when it did not work. */
function meanOf({ channel, cpus }: Cluster, rates: readonly ChannelRates[]): number | null {
  const own = rates.find((one) => one.of === 'cluster' && one.channel === channel);
  if (own) return own.frequency;
  let busy = 0;
  let cycles = 0;
  for (const { cpu, active, frequency } of rates) {
    if (cpu === null || active === null || frequency === null || !cpus.includes(cpu)) continue;
    busy += active;
    cycles += active * frequency;
  }
  return busy > 0 ? cycles / busy : null;
}

/** Apple silicon: how long its cores and clusters were at each frequency. `before` is what was read last. */
function readChip(chip: Chip, before: readonly FrequencyChannel[] | null, gaps: GapSink): FrequencyReading {
  const { clusters, channels, tableOf } = chip.read(gaps);
  const rates = before && channels ? residencyRates(before, channels) : [];
  const means = clusters.map((cluster) => meanOf(cluster, rates));
  for (const field of channels ? FIELDS_OF_NOW : [])
    if (before === null) gaps.add(field, 'no-baseline', 'A mean frequency needs two readings.');
    else if (means.includes(null))
      gaps.add(field, 'no-baseline', 'A cluster did not work between the two readings, or no table of frequencies fits it.');
  lacks(gaps, ['frequency.policies.base'], 'Apple silicon has no frequency above which is boost.');
  const policies = clusters.map(({ channel, cpus, kind }, index) =>
    measuredPolicy({ policy: channel, cpus, current: means[index] ?? null }, tableOf(kind)),
  );
  return { policies, ...NONE, ...(channels ? { apple: channels } : {}) };
}

/** Intel: what the processor is sold for. Throws what the system says. */
function readIntel(darwin: Darwin, gaps: GapSink): FrequencyReading {
  const base = sysctlInteger(darwin, 'hw.cpufrequency');
  const limit = (name: 'hardwareMin' | 'hardwareMax', key: string): number | null =>
    ask(gaps, `frequency.policies.${name}`, () => sysctlInteger(darwin, key));
  const hardwareMin = limit('hardwareMin', 'hw.cpufrequency_min');
  const hardwareMax = limit('hardwareMax', 'hw.cpufrequency_max');
  const threads = ask(gaps, 'frequency.policies.cpus', () => sysctlInteger(darwin, 'hw.logicalcpu'));
  return intelFrequency({ base, hardwareMin, hardwareMax, threads }, gaps);
}

/** A reader that keeps the subscription to the chip's counters until it is closed. */
function openFrequency(host: Host): ReturnType<Collector<'frequency', FrequencyReading>['open']> {
  let chip: Chip | undefined;
  let before: readonly FrequencyChannel[] | null = null;
  const reader = openReader(host, (darwin) => {
    chip = openChip(darwin);
    const own = chip;
    return (gaps): FrequencyReading => {
      lacksLimits(gaps);
      const missing = own.missing();
      // Only Apple silicon has a power manager; where there is none, and no counters, an Intel processor may still tell something.
      if (missing) {
        const intel = ask({ ...gaps, addError: () => {} }, 'frequency', () => readIntel(darwin, gaps));
        if (!intel) throw missing;
        return intel;
      }
      const reading = readChip(own, before, gaps);
      before = reading.apple ?? null;
      return reading;
    };
  });
  const native = {
    read: reader.read,
    close() {
      chip?.close();
      chip = undefined;
      reader.close();
    },
  };
  return withPrograms(host, native, frequencyTier);
}

/** Frequencies of the CPUs, and how long each core and each cluster was at each of them. */
export const frequency: Collector<'frequency', FrequencyReading> = {
  name: 'frequency',
  lane: 'fast',
  sources: [
    'IOReport CPU Stats',
    'voltage-statesN of pmgr in the I/O registry',
    'sysctl hw.cpufrequency',
    'else sysctl(8), and as root powermetrics(1)',
  ],
  remedy: 'A virtual machine has none of it. On a Mac, tell us with the output of hecate doctor.',
  groups: frequencyGroups,
  open: openFrequency,
};
