import type { IdleState } from '../../facts.ts';
import { preferences } from './assignment.ts';
import type { PluginOutcome, PluginRequest } from './plugin.ts';

const MICROSECONDS = 1e6;

/** The latency in microseconds that one word of `force_latency` means; null for an idle state that this machine does not have. */
function microseconds(word: string, states: readonly IdleState[]): number | null {
  if (/^\d{1,10}$/.test(word)) return Number(word);
  const [, by, skipsZero, name] = /^cstate\.(id|name)(_no_zero)?:(.+)$/.exec(word) ?? [];
  if (by === undefined) return null;
  const found = states.find((state) => (by === 'id' ? String(state.state) === name : state.name === name));
  const latency = found === undefined ? null : Math.round(found.latency * MICROSECONDS);
  return skipsZero !== undefined && latency === 0 ? null : latency;
}

/**
 * `force_latency`: the longest time that a CPU may take to wake up. tuned holds /dev/cpu_dma_latency open, and the kernel then leaves out
 * idle states that take longer (Documentation/power/pm_qos_interface.rst); we switch those states off.
 */
export function resumeLatency({ value, machine }: PluginRequest): PluginOutcome {
  const words = preferences(value);
  // tuned asks the first CPU.
  const states = machine.facts.cpu.idleStates.filter(({ cpu }) => cpu === 0);
  for (const word of words) {
    if (/^none$/i.test(word)) return 'It says that nothing is to be set.';
    const latency = microseconds(word, states);
    if (latency !== null) return [{ knob: 'cpu-idle', latency_at_most: `${latency}us` }];
  }
  return `This machine has no idle state that ${words.join(' or ')} means.`;
}
