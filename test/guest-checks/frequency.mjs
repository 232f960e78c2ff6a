// Real frequency scaling: governors and policies as the kernel shows them. The guest's ACPI table has three speeds.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { openHost } from '@hecate/host';
import { openSampler } from '@hecate/metrics';

export const modules = ['acpi-cpufreq', 'cpufreq_powersave', 'cpufreq_performance'];

/** Changes the governor of both CPUs and expects the collector to see it. */
export async function check() {
  for (const governor of ['powersave', 'performance']) {
    for (const cpu of [0, 1]) writeFileSync(`/sys/devices/system/cpu/cpu${cpu}/cpufreq/scaling_governor`, governor);
    const sampler = openSampler(openHost(), { only: ['frequency'] });
    try {
      const { frequency, gaps } = await sampler.take(5);
      assert.ok(frequency, JSON.stringify(gaps));
      const text = JSON.stringify(frequency);
      assert.match(text, new RegExp(`"${governor}"`));
      const now = Number(readFileSync('/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq', 'utf8')) * 1000;
      assert.ok(text.includes(String(now)), `${now} Hz is not in ${text}`);
    } finally {
      sampler.close();
    }
  }
}
