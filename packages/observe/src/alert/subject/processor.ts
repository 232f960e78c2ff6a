import type { CpuRates, UnitReading } from '@hecate/metrics';
import { subject } from './subject.ts';
import type { AnySubject } from './subject.ts';

/** Logical CPUs, by the kernel's number. */
export const CORE: AnySubject = subject<CpuRates['cores'][number]>({
  name: 'core',
  pace: 'tick',
  rows: ({ rates }) => rates.cpu?.cores,
  objectOf: ({ cpu }) => String(cpu),
  readings: {
    usage_percent: { unit: 'percent', help: 'time that was neither idle nor waiting for I/O', value: ({ usage }) => usage * 100 },
  },
});

/** Units of systemd that failed: one that works again is no longer here. */
export const UNIT: AnySubject = subject<UnitReading>({
  name: 'unit',
  pace: 'slow',
  rows: ({ snapshot }) => (snapshot.units?.systemState ? snapshot.units.units.filter(({ active }) => active === 'failed') : null),
  objectOf: ({ name }) => name,
  readings: { failed: { unit: 'count', help: '1 while systemd calls it failed', value: () => 1 } },
});
