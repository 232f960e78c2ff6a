import { evenSteps, plainCores } from '../fake/chip.testing.ts';
import type { FakeCluster } from '../fake/chip.testing.ts';

const cluster = (kind: string, channel: string, cores: readonly string[], table: number, megahertz: readonly number[]): FakeCluster => ({
  ...{ kind, channel, cores, table, megahertz },
});

/** The published steps of M1. */
const M1_E = [600, 972, 1332, 1704, 2064];
const M1_P = [600, 828, 1056, 1284, 1500, 1728, 1956, 2184, 2388, 2592, 2772, 2988, 3096, 3144, 3204];

/** Apple M1: four and four, in two clusters. */
export const M1: readonly FakeCluster[] = [
  cluster('E', 'ECPU', plainCores('ECPU', 4), 1, M1_E),
  cluster('P', 'PCPU', plainCores('PCPU', 4), 5, M1_P),
];

/** Steps of M2 Ultra: the lowest of an efficiency core is published as a period (71859), the highest ones as clock rates. */
const M2_E = [912, 1284, 1752, 2004, 2256, 2424];
const M2_P = evenSteps(702, 3696, 20);

/** Apple M2 Ultra: on each of two dies one cluster of four efficiency cores and two of four performance cores. Names as M3 Ultra has them. */
export const M2_ULTRA: readonly FakeCluster[] = [0, 1].flatMap((die) => [
  cluster('E', `DIE_${die}_ECPU`, plainCores(`DIE_${die}_ECPU_CPU`, 4), 1, M2_E),
  cluster('P', `DIE_${die}_PCPU`, plainCores(`DIE_${die}_PCPU_CPU`, 4), 5, M2_P),
  cluster('P', `DIE_${die}_PCPU1`, plainCores(`DIE_${die}_PCPU1_CPU`, 4), 13, M2_P),
]);

/** Apple M3 Pro: six and six. The lowest and the highest steps are published; those between are made up. */
export const M3_PRO: readonly FakeCluster[] = [
  cluster('E', 'ECPU', plainCores('ECPU0', 6, '0'), 1, evenSteps(744, 2748, 8)),
  cluster('P', 'PCPU', plainCores('PCPU0', 6, '0'), 5, evenSteps(816, 4056, 18)),
];

/** Apple M4 Max: four efficiency cores, two clusters of six performance cores. Highest steps published, others made up. */
export const M4_MAX: readonly FakeCluster[] = [
  cluster('E', 'ECPU', plainCores('ECPU0', 4, '0'), 1, evenSteps(1020, 2592, 8)),
  cluster('P', 'PCPU', plainCores('PCPU0', 6, '0'), 5, evenSteps(1260, 4512, 19)),
  cluster('P', 'PCPU1', plainCores('PCPU1', 6, '0'), 13, evenSteps(1260, 4512, 19)),
];

/** Apple M4 of a Mac mini: six efficiency cores and four performance cores. Highest steps published, others made up. */
export const M4: readonly FakeCluster[] = [
  cluster('E', 'ECPU', plainCores('ECPU0', 6, '0'), 1, evenSteps(1020, 2892, 8)),
  cluster('P', 'PCPU', plainCores('PCPU0', 4, '0'), 5, evenSteps(1260, 4464, 19)),
];

const M5_M = evenSteps(1344, 4380, 15);

/** Apple M5 Max: two clusters of six performance cores (M), one of six super cores (P). Tables, their lengths and ends are published. */
export const M5_MAX: readonly FakeCluster[] = [
  cluster('M', 'MCPU0', plainCores('MCPU0', 6, '0'), 22, M5_M),
  cluster('M', 'MCPU1', plainCores('MCPU1', 6, '0'), 23, M5_M),
  cluster('P', 'PCPU', plainCores('PCPU0', 6, '0'), 5, evenSteps(1308, 4608, 20)),
];
