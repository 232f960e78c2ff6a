import type { Tree } from '../rooted-tree.testing.ts';

/** One zone of the kernel's powercap class. */
function zone(id: string, name: string, micro: number, more: Readonly<Record<string, string | number>> = {}): Tree {
  const files = { name, energy_uj: micro, max_energy_range_uj: 262_143_328_850, enabled: 1, ...more };
  return Object.fromEntries(Object.entries(files).map(([file, value]) => [`sys/class/powercap/${id}/${file}`, `${value}\n`]));
}

/** Limits of an Intel package. */
const limits = {
  constraint_0_name: 'long_term',
  constraint_0_power_limit_uw: 45_000_000,
  constraint_0_time_window_us: 27_983_872,
  constraint_0_max_power_uw: 45_000_000,
  constraint_1_name: 'short_term',
  constraint_1_power_limit_uw: 107_000_000,
  constraint_1_time_window_us: 2440,
  constraint_1_max_power_uw: 0,
};

/** Two sockets, their parts, the platform, and the same package once more through another register. */
export const tree: Tree = {
  'sys/class/powercap/intel-rapl/enabled': '1\n',
  ...zone('intel-rapl:0', 'package-0', 240_422_366_267, limits),
  ...zone('intel-rapl:0:0', 'core', 118_821_284_256, { enabled: 0 }),
  ...zone('intel-rapl:0:1', 'uncore', 1_000_000),
  ...zone('intel-rapl:0:2', 'dram', 22_000_000, { max_energy_range_uj: 65_712_999_613 }),
  ...zone('intel-rapl:1', 'package-1', 900_000_000),
  ...zone('intel-rapl:1:0', 'dram', 33_000_000),
  ...zone('intel-rapl:2', 'psys', 777_000_000),
  ...zone('intel-rapl-mmio:0', 'package-0', 240_422_366_267),
};
