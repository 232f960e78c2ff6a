import { encodeDuration } from '@hecate/observe';
import type { Paper, Picture } from '../view.ts';
import type { Fact } from './facts.ts';
import { finePercentText, isKnown, percentText, wattsText } from './number-text.ts';

/** From which share of time waited something stands out. */
const PRESSED = 10;

const PARTS: readonly (readonly [name: string, id: string])[] = [
  ['user', 'cpu_user_percent'],
  ['system', 'cpu_system_percent'],
  ['iowait', 'cpu_iowait_percent'],
  ['steal', 'cpu_steal_percent'],
];

const PRESSURE: readonly (readonly [name: string, id: string])[] = [
  ['psi cpu', 'pressure_cpu_some_percent'],
  ['psi mem', 'pressure_memory_some_percent'],
  ['psi io', 'pressure_io_some_percent'],
];

/** What the processor's time goes to, what waits, and more: the most important first, without what is not known. `brief` where there is little room. */
export function cpuFacts({ theme }: Paper, { scene }: Picture, brief: boolean): Fact[] {
  const text = brief ? percentText : finePercentText;
  const width = brief ? 4 : 6;
  const { values, machine, time } = scene;
  const facts: Fact[] = [];
  for (const [name, id] of PARTS) {
    const share = values.get(id);
    if (isKnown(share)) facts.push({ name, text: text(share), width, style: theme.ramp('cpu', share / 100) });
  }
  for (const [name, id] of PRESSURE) {
    const share = values.get(id);
    if (isKnown(share)) facts.push({ name, text: text(share), width, style: theme.style(share >= PRESSED ? 'warn' : 'plain') });
  }
  const watts = values.get('system_power_watts');
  if (isKnown(watts)) facts.push({ name: 'machine', text: wattsText(watts), width: 7 });
  const switches = values.get('context_switches_per_second');
  if (isKnown(switches)) facts.push({ name: 'switches', text: `${Math.round(switches)}/s`, width: 8 });
  if (machine.bootTime !== null && time > machine.bootTime)
    facts.push({ name: 'up', text: encodeDuration(time - machine.bootTime), width: 9 });
  return facts;
}
