import { DURATION, needed } from '../rule.ts';
import { parseDuration } from '../value.ts';
import { setFile, skips, textOption } from './knob.ts';
import type { Knob } from './knob.ts';

/** Idle states that take long to leave, switched off: Documentation/admin-guide/pm/cpuidle.rst, `disable`. */
export const cpuIdle: Knob = {
  name: 'cpu-idle',
  help: 'Idle states of the processor that take longer to leave than this are switched off.',
  options: { latency_at_most: needed(DURATION) },
  value: null,
  subject: () => '',
  plan({ entry, facts }) {
    const { idleStates } = facts.cpu;
    if (idleStates.length === 0) return skips('The idle states of this processor cannot be switched.');
    const most = parseDuration(textOption(entry, 'latency_at_most'))!;
    // The shallowest state of a CPU stays whatever it takes: a CPU has to idle somehow.
    const shallowest = new Map<number, number>();
    for (const { cpu, latency } of idleStates) shallowest.set(cpu, Math.min(latency, shallowest.get(cpu) ?? Number.POSITIVE_INFINITY));
    const slow = idleStates.filter(({ cpu, latency }) => latency > most && latency > shallowest.get(cpu)!);
    if (slow.length === 0) return skips('No idle state of this processor takes that long to leave.');
    return {
      actions: slow.map(({ cpu, state }) => setFile(`/sys/devices/system/cpu/cpu${cpu}/cpuidle/state${state}/disable`, '1')),
      skipped: [],
    };
  },
};
