import { fileKnob, preferences } from './assignment.ts';
import { devicesOf } from './devices.ts';
import { resumeLatency } from './latency.ts';
import { never, pluginOf } from './plugin.ts';
import type { DraftKnob, PluginOutcome, PluginRequest, TunedPlugin } from './plugin.ts';

/** Names of biases that only the tool x86_energy_perf_policy(8) has. */
const BIASES: Readonly<Record<string, string>> = { powersave: 'power' };
const KERNEL_BIAS = /^(?:performance|balance-performance|normal|balance-power|power|\d{1,2})$/;
const PSTATE = '/sys/devices/system/cpu/intel_pstate';

/** A setting of all CPUs alike. */
const ofAll =
  (knob: (request: PluginRequest) => PluginOutcome) =>
  (request: PluginRequest): PluginOutcome =>
    devicesOf(request, []) === 'all' ? knob(request) : 'It is for some of the CPUs, and we set all alike.';

/** A setting that tuned has for the machine, and that only the first unit of the plugin decides. */
const once =
  (knob: (request: PluginRequest) => PluginOutcome) =>
  (request: PluginRequest): PluginOutcome =>
    request.earlier.length === 0 ? knob(request) : 'Another unit of this plugin comes before and decides, in tuned too.';

function energyBias({ value }: PluginRequest): PluginOutcome {
  const known = preferences(value)
    .map((name) => BIASES[name] ?? name)
    .find((name) => KERNEL_BIAS.test(name));
  if (known === undefined) return 'The kernel knows no such bias.';
  return [{ knob: 'cpu-energy-bias', value: /^\d/.test(known) ? Number(known) : known }];
}

const pstate = (file: string): ((request: PluginRequest) => PluginOutcome) =>
  once(({ value }): readonly DraftKnob[] => {
    const text = value.trim().toLowerCase();
    return [fileKnob(`${PSTATE}/${file}`, text === 'true' ? '1' : text === 'false' ? '0' : text)];
  });

const BY_LOAD = never('tuned moves it with the load while it runs; we set what stays.');

/** The plugin `cpu`: frequencies, preferences, and how long a CPU may take to wake up. */
export const cpu: TunedPlugin = pluginOf('cpu', {
  governor: ofAll(({ value }) => [{ knob: 'cpu-governor', value: preferences(value) }]),
  energy_perf_bias: ofAll(energyBias),
  energy_performance_preference: ofAll(({ value }) => [{ knob: 'cpu-preference', value: preferences(value) }]),
  force_latency: once(resumeLatency),
  min_perf_pct: pstate('min_perf_pct'),
  max_perf_pct: pstate('max_perf_pct'),
  no_turbo: pstate('no_turbo'),
  sampling_down_factor: ({ value }) => [fileKnob('/sys/devices/system/cpu/cpufreq/ondemand/sampling_down_factor', value)],
  pm_qos_resume_latency_us: ofAll(({ value, machine }) =>
    machine.look
      .names('/sys/devices/system/cpu', /^cpu\d{1,5}$/)
      .map((name) => fileKnob(`/sys/devices/system/cpu/${name}/power/pm_qos_resume_latency_us`, value)),
  ),
  load_threshold: BY_LOAD,
  latency_low: BY_LOAD,
  latency_high: BY_LOAD,
});
