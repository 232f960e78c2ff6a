import { fileKnob, parseAssignment, scalar } from './assignment.ts';
import type { PluginOutcome, PluginRequest, TunedPlugin } from './plugin.ts';

/** Settings of the kernel's scheduler: sysctls up to Linux 5.12, files of debugfs since (Documentation/scheduler/sched-debug.rst). */
const FILES: Readonly<Record<string, string>> = {
  sched_min_granularity_ns: 'min_granularity_ns',
  sched_latency_ns: 'latency_ns',
  sched_wakeup_granularity_ns: 'wakeup_granularity_ns',
  sched_tunable_scaling: 'tunable_scaling',
  sched_migration_cost_ns: 'migration_cost_ns',
  sched_nr_migrate: 'nr_migrate',
  numa_balancing_scan_delay_ms: 'numa_balancing/scan_delay_ms',
  numa_balancing_scan_period_min_ms: 'numa_balancing/scan_period_min_ms',
  numa_balancing_scan_period_max_ms: 'numa_balancing/scan_period_max_ms',
  numa_balancing_scan_size_mb: 'numa_balancing/scan_size_mb',
};

const RECKONED = 'Its mask is reckoned from the CPUs that tuned sets apart.';
const MOVES = 'It moves processes between CPUs and gives them other priorities: each of them, and those to come, while tuned runs.';

function kernelKnob({ name, value: written, machine }: PluginRequest): PluginOutcome {
  if (machine.look.text(`/proc/sys/kernel/${name}`) === null) return [fileKnob(`/sys/kernel/debug/sched/${FILES[name]!}`, written)];
  const { value, bound } = parseAssignment(written);
  return [{ knob: 'sysctl', key: `kernel.${name}`, value: scalar(value), ...bound }];
}

/** The plugin `scheduler`. */
export const scheduler: TunedPlugin = {
  name: 'scheduler',
  alone: null,
  knobs(request) {
    if (Object.hasOwn(FILES, request.name)) return kernelKnob(request);
    return request.name === 'default_irq_smp_affinity' ? RECKONED : MOVES;
  },
};
