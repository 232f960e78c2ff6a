import type { Tree } from '../rooted-tree.testing.ts';

/** A directory of the thermal class, behind a link as the kernel has it. */
function thermal(name: string, files: Readonly<Record<string, string | number>>): Tree {
  return {
    [`sys/class/thermal/${name}`]: { link: `../../devices/virtual/thermal/${name}` },
    ...Object.fromEntries(Object.entries(files).map(([file, value]) => [`sys/devices/virtual/thermal/${name}/${file}`, `${value}\n`])),
  };
}

/** A laptop's zones and what cools them, with a zone that is switched off and one that says nonsense. */
export const tree: Tree = {
  ...thermal('thermal_zone0', {
    type: 'acpitz',
    temp: 27_800,
    mode: 'enabled',
    policy: 'step_wise',
    available_policies: 'user_space step_wise',
    trip_point_0_type: 'critical',
    trip_point_0_temp: 119_000,
    trip_point_0_hyst: 0,
    trip_point_1_type: 'passive',
    trip_point_1_temp: 95_000,
    trip_point_1_hyst: 2000,
    trip_point_10_type: 'active',
    trip_point_10_temp: -274_000,
  }),
  ...thermal('thermal_zone1', { type: 'x86_pkg_temp', temp: 62_000, policy: 'step_wise' }),
  ...thermal('thermal_zone2', { type: 'iwlwifi_1', 'temp/x': 1, mode: 'disabled', policy: 'step_wise' }),
  ...thermal('thermal_zone10', { type: 'cpu-thermal', temp: -274_000, policy: 'step_wise' }),
  ...thermal('cooling_device0', { type: 'Processor', cur_state: 0, max_state: 3, 'stats/total_trans': 12 }),
  ...thermal('cooling_device1', { type: 'Fan', cur_state: 1, max_state: 1 }),
};
