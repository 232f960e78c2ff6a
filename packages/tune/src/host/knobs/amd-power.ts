import { needed, oneOf } from '../rule.ts';
import { setFile, skips, textOption } from './knob.ts';
import type { Knob } from './knob.ts';

/** How amdgpu chooses clocks: Documentation/gpu/amdgpu/thermal.rst, `power_dpm_force_performance_level`. */
export const amdPower: Knob = {
  name: 'amd-power',
  help: 'How the clocks of AMD GPUs are chosen.',
  options: { level: needed(oneOf(['auto', 'low', 'high', 'profile_standard', 'profile_peak'])) },
  value: null,
  subject: () => '',
  plan({ entry, facts }) {
    const cards = facts.gpus.flatMap(({ driver, card }) => (driver === 'amdgpu' && card !== null ? [card] : []));
    if (cards.length === 0) return skips('No GPU here runs under amdgpu.');
    const level = textOption(entry, 'level');
    return { actions: cards.map((card) => setFile(`${card}/device/power_dpm_force_performance_level`, level)), skipped: [] };
  },
};
