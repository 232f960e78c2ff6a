import { oneOf, optional } from '../rule.ts';
import { setFile, skips, textOption } from './knob.ts';
import type { Knob } from './knob.ts';
import { LIMIT_SHARE, limitWatts, noLimit } from './power-limit.ts';

/** How amdgpu chooses clocks, and what it may draw: Documentation/gpu/amdgpu/thermal.rst, `power_dpm_force_performance_level`, `power1_cap`. */
export const amdPower: Knob = {
  name: 'amd-power',
  help: 'How the clocks of AMD GPUs are chosen, and how much of their power they may draw.',
  options: { level: optional(oneOf(['auto', 'low', 'high', 'profile_standard', 'profile_peak'])), limit_share: LIMIT_SHARE },
  value: null,
  refuse: ({ options }) => (Object.keys(options).length > 0 ? null : 'needs level or limit_share'),
  subject: () => '',
  plan({ entry, facts }) {
    const gpus = facts.gpus.flatMap(({ driver, card, power }) => (driver === 'amdgpu' && card !== null ? [{ card, power }] : []));
    if (gpus.length === 0) return skips('No GPU here runs under amdgpu.');
    const { level, limit_share: share } = entry.options;
    const limited = share === undefined ? [] : gpus;
    const canLimit = limited.flatMap(({ power }) => (power === null || power.file === null ? [] : [{ power, file: power.file }]));
    return {
      actions: [
        ...(level === undefined
          ? []
          : gpus.map(({ card }) => setFile(`${card}/device/power_dpm_force_performance_level`, textOption(entry, 'level')))),
        // Microwatts (kernel: Documentation/hwmon/sysfs-interface.rst).
        ...canLimit.map(({ power, file }) => setFile(file, String(Math.round(limitWatts(entry, power) * 1e6)))),
      ],
      skipped: limited.filter(({ power }) => !power?.file).map(({ card }) => noLimit(card.slice(card.lastIndexOf('/') + 1))),
    };
  },
};
