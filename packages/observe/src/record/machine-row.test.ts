import { expect, test } from 'vitest';
import type { EnergyRates, EnergyZoneKind, Rates, Snapshot, ZonePower } from '@hecate/metrics';
import { COLUMNS } from './columns.ts';
import { machineRow } from './machine-row.ts';

const zone = (name: string, kind: EnergyZoneKind, power: number | null): ZonePower => ({ zone: name, name, kind, parent: null, power });

/** The columns of power in the row of a machine with these zones. */
function powerColumns(energy: EnergyRates): Record<string, number | null> {
  const row = machineRow({ gaps: [], runs: [] } as unknown as Snapshot, { energy } as unknown as Rates);
  return Object.fromEntries(COLUMNS.flatMap(({ name }, index) => (/_power_/.test(name) ? [[name, row[index] ?? null]] : [])));
}

test('an Apple chip: CPUs of all dies, GPU, neural engine and memory, and nothing twice', () => {
  const zones = [
    zone('package', 'package', 14),
    ...[zone('DIE_0_CPU Energy', 'cpu', 6), zone('DIE_1_CPU Energy', 'cpu', 4), zone('DIE_0_ECPU', 'cluster', 2)],
    ...[zone('GPU Energy', 'gpu', 3), zone('ANE0', 'ane', 1), zone('DRAM0', 'dram', 0.5), zone('GPU SRAM0', 'gpu-sram', 9)],
  ];
  expect(powerColumns({ zones, packagePower: 14, aneUtilizationEstimate: 0.125 })).toEqual({
    ...{ cpu_power_watts: 10, gpu_power_watts: 3, ane_power_watts: 1, dram_power_watts: 0.5, system_power_watts: null },
  });
});

test('an Apple chip whose counters do not move has no power, not even that of its package', () => {
  const zones = [zone('package', 'package', null), zone('CPU Energy', 'cpu', null), zone('GPU Energy', 'gpu', 3)];
  expect(powerColumns({ zones, packagePower: null })).toMatchObject({ cpu_power_watts: null, gpu_power_watts: 3, ane_power_watts: null });
});

test('other processors: the package', () => {
  const zones = [zone('package-0', 'package', 20), zone('core', 'core', 12), zone('dram', 'dram', 2), zone('psys', 'psys', 40)];
  expect(powerColumns({ zones, packagePower: 20 })).toEqual({
    ...{ cpu_power_watts: 20, gpu_power_watts: null, ane_power_watts: null, dram_power_watts: 2, system_power_watts: 40 },
  });
});
